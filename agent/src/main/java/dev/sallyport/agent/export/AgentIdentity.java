package dev.sallyport.agent.export;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.sdk.resources.Resource;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/**
 * Who this agent is, on all that it exports: service, instance, host, and what {@code
 * OTEL_RESOURCE_ATTRIBUTES} and {@code OTEL_SERVICE_NAME} add. Immutable.
 */
public final class AgentIdentity {

  private final Resource resource;

  private AgentIdentity(Resource resource) {
    this.resource = resource;
  }

  /**
   * Makes an identity with a new instance id.
   *
   * @param version the agent's version
   * @param environment the process's environment; a malformed {@code OTEL_RESOURCE_ATTRIBUTES} is
   *     left out as a whole, as the specification asks, and {@link ExportSettings#fromEnvironment}
   *     says so
   */
  public static AgentIdentity create(String version, Map<String, String> environment) {
    AttributesBuilder attributes =
        io.opentelemetry.api.common.Attributes.builder()
            .put(SemanticConventions.SERVICE_NAME, "sallyport-agent")
            .put(SemanticConventions.SERVICE_VERSION, version)
            .put(SemanticConventions.SERVICE_INSTANCE_ID, UUID.randomUUID().toString())
            .put(SemanticConventions.HOST_NAME, hostName());
    try {
      resourceAttributes(environment.getOrDefault("OTEL_RESOURCE_ATTRIBUTES", ""))
          .forEach(attributes::put);
    } catch (IllegalArgumentException malformed) {
      // Reported with the other settings; an identity is needed all the same.
    }
    String serviceName = environment.getOrDefault("OTEL_SERVICE_NAME", "");
    if (!serviceName.isBlank()) {
      attributes.put(SemanticConventions.SERVICE_NAME, serviceName);
    }
    Resource own = Resource.create(attributes.build(), SemanticConventions.SCHEMA_URL);
    return new AgentIdentity(Resource.getDefault().merge(own));
  }

  Resource resource() {
    return resource;
  }

  /**
   * Reads {@code key=value,key=value} with percent-encoded values.
   *
   * @throws IllegalArgumentException when malformed; the message says where
   */
  static Map<String, String> resourceAttributes(String text) {
    Map<String, String> attributes = new LinkedHashMap<>();
    if (text.isBlank()) {
      return attributes;
    }
    for (String member : text.split(",", -1)) {
      int equals = member.indexOf('=');
      if (equals < 1 || member.substring(0, equals).isBlank()) {
        throw new IllegalArgumentException("'" + member.strip() + "' is not key=value");
      }
      // URLDecoder reads form data, where + is a space; here it is itself.
      String value = member.substring(equals + 1).strip().replace("+", "%2B");
      attributes.put(member.substring(0, equals).strip(), URLDecoder.decode(value, UTF_8));
    }
    return attributes;
  }

  // From the kernel and not from InetAddress, which asks the resolver and may wait for it.
  private static String hostName() {
    try {
      return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
    } catch (IOException unreadable) {
      return "unknown";
    }
  }
}
