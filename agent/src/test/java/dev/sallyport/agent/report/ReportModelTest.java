package dev.sallyport.agent.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.agent.correlation.JobContext;
import dev.sallyport.agent.correlation.ProcessNode;
import dev.sallyport.agent.pipeline.Loss;
import dev.sallyport.agent.pipeline.ObservedEvent;
import dev.sallyport.spi.event.AttributeSink;
import dev.sallyport.spi.event.ProbeEvent;
import dev.sallyport.spi.event.Severity;
import dev.sallyport.spi.runner.JobIdentity;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReportModelTest {

  private final ReportModel model = new ReportModel();
  private final Story story = new Story(model);

  @Test
  void hangsChildrenOnTheNearestShownAncestor() {
    ProcessNode shell = story.exec(null, "/bin/sh", "sh");
    ProcessNode copyOfCopy = story.fork(story.fork(shell));
    ProcessNode child = story.execAs(1001, copyOfCopy, "/bin/true", "true");
    story.exit(child, 5, 0);

    ReportView view = view();

    assertThat(view.roots()).hasSize(1);
    assertThat(view.roots().get(0).children())
        .singleElement()
        .satisfies(image -> {
          assertThat(image.name()).isEqualTo("true");
          assertThat(image.durationNanos()).isEqualTo(5 * Story.MILLI);
          assertThat(image.exitCode()).isZero();
        });
    assertThat(view.roots().get(0).ended()).isFalse();
  }

  @Test
  void showsACopyThatDidSomethingItself() {
    ProcessNode shell = story.exec(null, "/bin/bash", "bash");
    ProcessNode copy = story.fork(shell);
    ProcessNode below = story.execAs(1001, story.fork(copy), "/bin/true", "true");
    story.connects(copy, null, "192.0.2.7", 80, null, 10, 20);

    ReportView.Image shown = view().roots().get(0).children().get(0);

    assertThat(shown.forked()).isTrue();
    assertThat(shown.contacts())
        .extracting(ReportView.Contact::label)
        .containsExactly("192.0.2.7:80");
    assertThat(shown.children())
        .extracting(ReportView.Image::execId)
        .containsExactly(below.execId());
  }

  @Test
  void keepsStepsApartEvenIfProcessesDescendFromOneAnother() {
    ProcessNode runner = story.exec(null, "/runner", "runner");
    story.inStep(1, "Build");
    story.exec(runner, "/bin/make", "make");

    assertThat(view().roots()).extracting(ReportView.Image::name).containsExactly("runner", "make");
  }

  @Test
  void addsUpConnectionsOfOneDestinationOverItsAddresses() {
    ProcessNode one = story.exec(null, "/usr/bin/curl", "curl");
    ProcessNode two = story.exec(null, "/usr/bin/git", "git");
    story.connects(one, "Example.org", "192.0.2.1", 443, "allowed", 100, 1000);
    story.later(50).connects(two, "example.org", "2001:db8::1", 443, "would_block", 1, 2);
    story.connects(two, null, "192.0.2.1", 443, "allowed", 5, 6);

    List<ReportView.Destination> rows = view().destinations();

    assertThat(rows).hasSize(2);
    ReportView.Destination named = rows.get(0);
    assertThat(named.label()).isEqualTo("example.org:443");
    assertThat(named.verdict()).isEqualTo("would_block");
    assertThat(named.connections()).isEqualTo(2);
    assertThat(named.processes()).isEqualTo(2);
    assertThat(named.sent()).isEqualTo(101);
    assertThat(named.received()).isEqualTo(1002);
    assertThat(named.addresses()).containsExactly("192.0.2.1", "2001:db8::1");
    assertThat(named.lastNanos() - named.firstNanos()).isEqualTo(50 * Story.MILLI);
    assertThat(rows.get(1).label()).isEqualTo("192.0.2.1:443");
  }

  @Test
  void bindsAServerNameToItsConnectionWhicheverIsSeenFirst() {
    ProcessNode early = story.exec(null, "/usr/bin/curl", "curl");
    ProcessNode late = story.exec(null, "/usr/bin/wget", "wget");
    ProcessNode only = story.exec(null, "/usr/bin/nc", "nc");
    story.greets(early, "early.example", "192.0.2.1", 443);
    story.connects(early, "one.example", "192.0.2.1", 443, null, 1, 1);
    story.connects(late, "two.example", "192.0.2.1", 443, null, 1, 1);
    story.greets(late, "late.example", "192.0.2.1", 443);
    story.greets(only, "alone.example", "192.0.2.9", 8443);

    List<ReportView.Destination> rows = view().destinations();

    assertThat(rows)
        .extracting(ReportView.Destination::name)
        .containsExactlyInAnyOrder("one.example", "two.example", "alone.example");
    assertThat(row(rows, "one.example").otherServerNames()).containsExactly("early.example");
    assertThat(row(rows, "two.example").otherServerNames()).containsExactly("late.example");
    assertThat(row(rows, "alone.example").addresses()).containsExactly("192.0.2.9");
    assertThat(row(rows, "alone.example").connections()).isZero();
  }

  @Test
  void putsRefusedDestinationsAndGraveFindingsFirst() {
    ProcessNode process = story.exec(null, "/bin/x", "x");
    story.connects(process, "good.example", "192.0.2.1", 443, "allowed", 1, 1);
    story.connects(process, "bad.example", "192.0.2.2", 443, "blocked", 0, 0);
    story.finds(process, Severity.WARN, "sudo-used", "sudo");
    story.finds(process, Severity.ERROR, "reverse-shell", "sh");

    ReportView view = view();

    assertThat(view.destinations().get(0).name()).isEqualTo("bad.example");
    assertThat(view.findings()).extracting(ReportView.Finding::rule).startsWith("reverse-shell");
    assertThat(view.totals().blocked()).isEqualTo(1);
    assertThat(Headline.of(view).level()).isEqualTo(Headline.Level.BAD);
  }

  @Test
  void saysWhatItCountedButDidNotKeep() {
    ReportModel small = new ReportModel(new Limits(3, 1_000_000, 2, 1, 1, 1, 2, 1, 1, 100));
    Story crowd = new Story(small);
    ProcessNode process = crowd.exec(null, "/bin/x", "x");
    for (int i = 0; i < 9; i++) {
      crowd.exec(process, "/bin/y" + i, "y");
      crowd.connects(process, "host" + i + ".example", "192.0.2." + i, 443, null, 1, 1);
      crowd.asks(process, "host" + i + ".example", "A", "192.0.2." + i);
      crowd.finds(process, Severity.WARN, "rule", "evidence " + i);
      crowd.send("p", process, "org.example.event" + i);
    }

    ReportView view = ViewBuilder.forPeople(small, List.of());

    assertThat(view.totals().processes()).isEqualTo(10);
    assertThat(view.totals().connections()).isEqualTo(9);
    assertThat(view.totals().findings()).isEqualTo(9);
    assertThat(view.omissions())
        .containsExactly(
            "7 process images were counted, but not kept in detail",
            "7 connections to further destinations were counted, but not kept in detail",
            "8 DNS queries for further names were counted, but not kept in detail",
            "8 findings were counted, but not kept in detail",
            "8 events of further kinds were counted, but not kept in detail");
  }

  @Test
  void staysUprightWhenAnEventThrows() {
    ProbeEvent broken =
        new ProbeEvent() {
          @Override
          public String name() {
            return "org.example.broken";
          }

          @Override
          public void describe(AttributeSink sink) {
            sink.put("first", "told");
            throw new IllegalStateException("no more");
          }
        };
    story.send("example", null, broken).send("example", null, broken);

    assertThat(model.losses())
        .containsExactly(
            new Loss(
                "example",
                "org.example.broken",
                "fault: describing it threw java.lang.IllegalStateException",
                2));
    assertThat(view().others().get(0).examples().get(0).attributes())
        .containsEntry("first", "told");
  }

  @Test
  void refusesEventsOfAnotherJobAndSaysSo() {
    story.send("p", null, "org.example.mine");
    ReportModel other = new ReportModel();
    new Story(other).send("p", null, "org.example.mine");
    assertThat(other.losses()).isEmpty();

    JobContext stranger = new JobContext(7, 1, JobIdentity.UNKNOWN);
    model.accept(
        new ObservedEvent(
            1,
            1,
            1,
            "p",
            stranger,
            stranger.step(0),
            null,
            new Story.Told("org.example.theirs", Severity.INFO, Map.of())));

    assertThat(model.losses()).extracting(Loss::reason).containsExactly("event of another job");
    assertThat(view().totals().events()).isEqualTo(1);
  }

  @Test
  void survivesChainsOfExecAndForkOfAnyDepth() {
    ProcessNode node = story.exec(null, "/bin/sh", "sh", "0");
    for (int i = 1; i < 3_000; i++) {
      node =
          i % 2 == 0
              ? story.replace(node, "/bin/sh", "sh", "" + i)
              : story.exec(node, "/bin/sh", "sh", "" + i);
    }

    ReportView view = view();
    List<HtmlTree.Branch> branches = HtmlTree.of(view);

    assertThat(view.roots()).hasSize(1);
    assertThat(count(branches.get(0).nodes())).isEqualTo(3_000);
  }

  private static int count(List<HtmlTree.Node> nodes) {
    return nodes.stream().mapToInt(node -> node.times() + count(node.children())).sum();
  }

  private static ReportView.Destination row(List<ReportView.Destination> rows, String name) {
    return rows.stream().filter(row -> row.name().equals(name)).findFirst().orElseThrow();
  }

  private ReportView view() {
    return ViewBuilder.forPeople(model, List.of());
  }
}
