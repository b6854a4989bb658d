package dev.sallyport.agent.export;

import dev.sallyport.spi.event.AttributeSink;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.AttributeType;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The attributes of one record: three shared identities and the event's own. Reused from request to
 * request; neither sorted nor copied, for the SDK's own builder costs more than the rest of a
 * record together.
 */
final class RecordAttributes implements Attributes, AttributeSink {

  private static final Set<String> RESULTS =
      Set.of("cicd.pipeline.result", "cicd.pipeline.task.run.result");

  private final AttributeNames names;
  private Identity job = Identity.EMPTY;
  private Identity step = Identity.EMPTY;
  private Identity process = Identity.EMPTY;
  private AttributeKey<?>[] keys = new AttributeKey<?>[16];
  private Object[] values = new Object[16];
  private int size;
  private int dropped;
  private int characters;
  private @Nullable String verdict;

  RecordAttributes(AttributeNames names) {
    this.names = names;
  }

  /** Begins anew for another record. */
  void begin(Identity newJob, Identity newStep, Identity newProcess) {
    job = newJob;
    step = newStep;
    process = newProcess;
    Arrays.fill(values, 0, size, null);
    size = 0;
    dropped = 0;
    characters = 0;
    verdict = null;
  }

  /** {@return about how much the attributes add to a request} */
  int totalCharacters() {
    return characters + job.characters() + step.characters() + process.characters();
  }

  /** {@return how many of the event's own attributes were over the limits or given twice} */
  int dropped() {
    return dropped;
  }

  /** {@return the event's {@code sallyport.verdict}, null when it has none} */
  @Nullable String verdict() {
    return verdict;
  }

  /** {@return whether a job's or step's result, if any, is not success} */
  boolean failed() {
    for (int i = 0; i < size; i++) {
      if (RESULTS.contains(keys[i].getKey())) {
        return !values[i].equals("success");
      }
    }
    return false;
  }

  /** Adds an attribute of the agent's own. */
  <T> void add(AttributeKey<T> key, T value) {
    add(key, value, Long.BYTES);
  }

  @Override
  public void put(String key, String value) {
    String bounded = Limits.text(value);
    put(key, AttributeType.STRING, bounded, bounded.length());
    if (key.equals(SemanticConventions.VERDICT)) {
      verdict = bounded;
    }
  }

  @Override
  public void put(String key, long value) {
    put(key, AttributeType.LONG, value, Long.BYTES);
  }

  @Override
  public void put(String key, boolean value) {
    put(key, AttributeType.BOOLEAN, value, 1);
  }

  @Override
  public void put(String key, List<String> value) {
    List<String> bounded = Limits.texts(value);
    put(key, AttributeType.STRING_ARRAY, bounded, Limits.characters(bounded));
  }

  @Override
  @SuppressWarnings("unchecked") // a key's type is its value's type: put() and Identity see to it
  public <T> @Nullable T get(AttributeKey<T> key) {
    return (T) asMap().get(key);
  }

  @Override
  public void forEach(BiConsumer<? super AttributeKey<?>, ? super Object> consumer) {
    job.forEach(consumer);
    step.forEach(consumer);
    process.forEach(consumer);
    for (int i = 0; i < size; i++) {
      consumer.accept(keys[i], values[i]);
    }
  }

  @Override
  public int size() {
    return job.size() + step.size() + process.size() + size;
  }

  @Override
  public boolean isEmpty() {
    return size() == 0;
  }

  @Override
  public Map<AttributeKey<?>, Object> asMap() {
    Map<AttributeKey<?>, Object> map = HashMap.newHashMap(size());
    forEach(map::put);
    return map;
  }

  @Override
  @SuppressWarnings("unchecked") // as in get()
  public AttributesBuilder toBuilder() {
    AttributesBuilder builder = Attributes.builder();
    forEach((key, value) -> builder.put((AttributeKey<Object>) key, value));
    return builder;
  }

  private void put(String name, AttributeType type, Object value, int valueCharacters) {
    AttributeKey<?> key = names.key(name, type);
    if (key == null
        || size >= Limits.OWN_ATTRIBUTES
        || characters + valueCharacters > Limits.OWN_CHARACTERS
        || has(name)) {
      dropped++;
      return;
    }
    add(key, value, valueCharacters);
  }

  private void add(AttributeKey<?> key, Object value, int valueCharacters) {
    if (size == keys.length) {
      keys = Arrays.copyOf(keys, size * 2);
      values = Arrays.copyOf(values, size * 2);
    }
    keys[size] = key;
    values[size++] = value;
    characters += key.getKey().length() + valueCharacters + Limits.ATTRIBUTE_OVERHEAD;
  }

  // OTLP forbids a key twice in a record. Few attributes: a walk is cheaper than a set.
  private boolean has(String name) {
    for (int i = 0; i < size; i++) {
      if (keys[i].getKey().equals(name)) {
        return true;
      }
    }
    return false;
  }
}
