package dev.sallyport.agent.run;

import dev.sallyport.agent.pipeline.EventConsumer;
import dev.sallyport.agent.pipeline.ObservedEvent;
import dev.sallyport.spi.event.AttributeSink;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Notes which of the things that a job shall fail on have happened. */
final class FindingWatch implements EventConsumer {

  private static final String BLOCKED = "blocked";

  private final Set<String> watched;
  private final Set<String> happened = new TreeSet<>();

  FindingWatch(Set<String> watched) {
    this.watched = watched;
  }

  @Override
  public void accept(ObservedEvent event) {
    if (!watched.isEmpty()) {
      event.event().describe(new Inspector());
    }
  }

  /** {@return what happened of what was watched for, in order of name} After the last event. */
  Set<String> happened() {
    return happened;
  }

  private final class Inspector implements AttributeSink {
    @Override
    public void put(String key, String value) {
      if (key.equals("security_rule.name") && watched.contains(value)) {
        happened.add(value);
      }
      if (key.equals("sallyport.verdict") && value.equals(BLOCKED) && watched.contains(BLOCKED)) {
        happened.add(BLOCKED);
      }
    }

    @Override
    public void put(String key, long value) {}

    @Override
    public void put(String key, boolean value) {}

    @Override
    public void put(String key, List<String> value) {}
  }
}
