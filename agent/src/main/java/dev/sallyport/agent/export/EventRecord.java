package dev.sallyport.agent.export;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.Value;
import io.opentelemetry.api.logs.Severity;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.sdk.common.InstrumentationScopeInfo;
import io.opentelemetry.sdk.logs.data.LogRecordData;
import io.opentelemetry.sdk.resources.Resource;
import org.jspecify.annotations.Nullable;

/**
 * One event as the SDK's exporters read it. Reused from request to request by one thread, and read
 * only while that thread encodes a request.
 */
final class EventRecord implements LogRecordData {

  final RecordAttributes attributes;
  Resource resource = Resource.empty();
  SpanContext span = SpanContext.getInvalid();
  Severity severity = Severity.UNDEFINED_SEVERITY_NUMBER;
  String eventName = "";
  long timeUnixNanos;
  long observedUnixNanos;

  EventRecord(AttributeNames names) {
    this.attributes = new RecordAttributes(names);
  }

  @Override
  public Resource getResource() {
    return resource;
  }

  @Override
  public InstrumentationScopeInfo getInstrumentationScopeInfo() {
    return JobResources.SCOPE;
  }

  @Override
  public long getTimestampEpochNanos() {
    return timeUnixNanos;
  }

  @Override
  public long getObservedTimestampEpochNanos() {
    return observedUnixNanos;
  }

  @Override
  public SpanContext getSpanContext() {
    return span;
  }

  @Override
  public Severity getSeverity() {
    return severity;
  }

  @Override
  public String getSeverityText() {
    return severity.name();
  }

  @Override
  @Deprecated
  public io.opentelemetry.sdk.logs.data.Body getBody() {
    return io.opentelemetry.sdk.logs.data.Body.empty();
  }

  @Override
  public @Nullable Value<?> getBodyValue() {
    return null;
  }

  @Override
  public Attributes getAttributes() {
    return attributes;
  }

  @Override
  public int getTotalAttributeCount() {
    return attributes.size() + attributes.dropped();
  }

  @Override
  public String getEventName() {
    return eventName;
  }
}
