package dev.sallyport.probe.network;

import dev.sallyport.spi.probe.EventSink;
import dev.sallyport.spi.probe.Origin;
import dev.sallyport.spi.probe.RecordReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Joins a query and its answer into one event, and learns names from the answers. */
final class DnsTransactions {

  static final int MOST_PENDING = 4096;
  static final long PATIENCE_NANOS = 5_000_000_000L;
  private static final int MOST_ANSWERS_SHOWN = 128;

  private final ResolvedNames names;
  private final LinkedHashMap<Key, Pending> pending = new LinkedHashMap<>();
  private final Map<Long, Set<Key>> byImage = new HashMap<>();

  DnsTransactions(ResolvedNames names) {
    this.names = names;
  }

  /**
   * Where a message was seen.
   *
   * @param cookie the socket
   * @param protocol the IP protocol's number
   */
  record Exchange(long cookie, int protocol, IpAddress resolver, int port) {}

  private record Key(Exchange exchange, int id, DnsMessage.Question question) {}

  private record Pending(Origin origin, long sinceNanos) {}

  /** Takes a message of the job's or of the resolver's. */
  void message(
      Exchange exchange,
      DnsMessage message,
      boolean incoming,
      RecordReader record,
      long nowNanos,
      EventSink sink) {
    if (message.response() != incoming) {
      sink.malformed(incoming ? "dns: resolver asks" : "dns: client answers");
      return;
    }
    for (DnsMessage.Question question : message.questions()) {
      Key key = new Key(exchange, message.id(), question);
      if (incoming) {
        answered(key, message, record, sink);
      } else {
        asked(key, record, nowNanos, sink);
      }
    }
    if (incoming && message.questions().isEmpty()) {
      answeredWithoutQuestion(exchange, message, sink);
    }
  }

  void imageEnded(long execId, EventSink sink) {
    Set<Key> keys = byImage.get(execId);
    if (keys != null) {
      List.copyOf(keys).forEach(key -> unanswered(key, sink));
    }
  }

  void flush(boolean end, long nowNanos, EventSink sink) {
    while (!pending.isEmpty()) {
      Map.Entry<Key, Pending> eldest = pending.firstEntry();
      if (!end && nowNanos - eldest.getValue().sinceNanos() < PATIENCE_NANOS) {
        return;
      }
      unanswered(eldest.getKey(), sink);
    }
  }

  private void asked(Key key, RecordReader record, long nowNanos, EventSink sink) {
    if (pending.containsKey(key)) {
      return; // asked again for want of an answer: the same question
    }
    if (pending.size() >= MOST_PENDING) {
      unanswered(pending.firstEntry().getKey(), sink);
    }
    pending.put(key, new Pending(record.origin(), nowNanos));
    byImage.computeIfAbsent(record.execId(), id -> new LinkedHashSet<>()).add(key);
  }

  private void answered(Key key, DnsMessage message, RecordReader record, EventSink sink) {
    Pending query = remove(key);
    if (query == null) {
      return; // a second answer to a question that was repeated, or to one that was given up
    }
    learn(record.jobId(), key.question().name(), message);
    give(key, query, message, sink);
  }

  /** Some resolvers leave the question out when they refuse. */
  private void answeredWithoutQuestion(Exchange exchange, DnsMessage message, EventSink sink) {
    for (Key key : pending.keySet()) {
      if (key.id() == message.id() && key.exchange().equals(exchange)) {
        Pending query = remove(key);
        if (query != null) {
          give(key, query, message, sink);
        }
        return;
      }
    }
  }

  /** Follows the aliases from the question's name; other records of the answer teach nothing. */
  private void learn(long jobId, String question, DnsMessage message) {
    Set<String> reached = new HashSet<>();
    reached.add(question);
    boolean grew = true;
    while (grew) {
      grew = false;
      for (DnsMessage.Answer answer : message.answers()) {
        String alias = answer.alias();
        if (alias != null && reached.contains(answer.name())) {
          grew |= reached.add(alias);
        }
      }
    }
    for (DnsMessage.Answer answer : message.answers()) {
      IpAddress address = answer.address();
      if (address != null && reached.contains(answer.name())) {
        names.learn(jobId, address, question);
      }
    }
  }

  private void give(Key key, Pending query, DnsMessage answer, EventSink sink) {
    List<String> answers = new ArrayList<>();
    for (DnsMessage.Answer record : answer.answers()) {
      if (answers.size() == MOST_ANSWERS_SHOWN) {
        break;
      }
      answers.add(record.text());
    }
    int more = answer.answers().size() - answers.size() + answer.moreAnswers();
    if (more > 0) {
      answers.add("… and %d more".formatted(more));
    }
    sink.emit(
        query.origin(),
        event(key, List.copyOf(answers), DnsTypes.responseCode(answer.responseCode())));
  }

  private void unanswered(Key key, EventSink sink) {
    Pending query = remove(key);
    if (query != null) {
      sink.emit(query.origin(), event(key, List.of(), null));
    }
  }

  private static DnsQueryEvent event(Key key, List<String> answers, @Nullable String responseCode) {
    return new DnsQueryEvent(
        key.question().name(),
        key.question().typeName(),
        answers,
        key.exchange().resolver(),
        key.exchange().port(),
        responseCode,
        key.exchange().protocol());
  }

  private @Nullable Pending remove(Key key) {
    Pending query = pending.remove(key);
    if (query != null) {
      Set<Key> ofImage = byImage.get(query.origin().execId());
      if (ofImage != null) {
        ofImage.remove(key);
        if (ofImage.isEmpty()) {
          byImage.remove(query.origin().execId());
        }
      }
    }
    return query;
  }
}
