package dev.sallyport.agent.report;

import dev.sallyport.agent.pipeline.ObservedEvent;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** The DNS questions of a job, grouped by name and type. Written by the reader thread. */
final class SeenNames {

  private final Limits limits;
  private final Map<Key, Question> questions = new LinkedHashMap<>();
  private long asked;
  private long leftOut;

  SeenNames(Limits limits) {
    this.limits = limits;
  }

  void asked(ObservedEvent event, Attributes attributes) {
    asked++;
    String name = attributes.text("dns.question.name");
    String type = attributes.text("sallyport.dns.type");
    Key key = new Key(name == null ? "" : name.toLowerCase(Locale.ROOT), type == null ? "" : type);
    Question question = questions.get(key);
    if (question == null) {
      if (questions.size() >= limits.queries()) {
        leftOut++;
        return;
      }
      question = new Question(key, event.timeUnixNanos());
      questions.put(key, question);
    }
    question.count++;
    question.actors.add(event);
    for (String answer : attributes.list("dns.answers")) {
      question.answers.add(answer, 1);
    }
    add(question.resolvers, attributes, "sallyport.dns.resolver");
    add(question.codes, attributes, "sallyport.dns.response_code");
    add(question.verdicts, attributes, "sallyport.verdict");
  }

  private static void add(Tally tally, Attributes attributes, String key) {
    String value = attributes.text(key);
    if (value != null) {
      tally.add(value, 1);
    }
  }

  Iterable<Question> all() {
    return questions.values();
  }

  int size() {
    return questions.size();
  }

  long asked() {
    return asked;
  }

  long leftOut() {
    return leftOut;
  }

  record Key(String name, String type) {}

  /** A question and its answers. */
  static final class Question {
    final Key key;
    final long firstNanos;
    final Tally answers = new Tally(32);
    final Tally resolvers = new Tally(8);
    final Tally codes = new Tally(8);
    final Tally verdicts = new Tally(8);
    final Actors actors = new Actors();
    long count;

    private Question(Key key, long firstNanos) {
      this.key = key;
      this.firstNanos = firstNanos;
    }
  }
}
