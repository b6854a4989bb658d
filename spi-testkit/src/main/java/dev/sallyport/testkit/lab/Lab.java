package dev.sallyport.testkit.lab;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The internet, on one machine that need not have any: a DNS, web servers with certificates of the
 * lab's own authority, and echo servers in one network namespace; jobs run in a second one that is
 * joined to it, over IPv4 and IPv6.
 *
 * <p>Nothing of the machine's own network is changed. Several labs can run at once, in one process
 * or in many: they use the same documentation addresses and never meet. {@link #close()} removes
 * every namespace, process and file; so does the end of the Java process; what a killed process
 * left is removed by the next start.
 *
 * <p>Jobs are not put in a namespace by {@code ip netns exec}, which would hide the machine's
 * cgroup2 and BPF file systems from them: their mounts are the machine's own of the time when the
 * lab started (and later ones, where the machine shares its mounts as systemd does), but for {@code
 * /etc/resolv.conf}, {@code /etc/hosts} and {@code /etc/nsswitch.conf}.
 *
 * <p>Needs root: ask {@link #requirements()} before {@link #start()}. All methods are safe from any
 * thread.
 */
public final class Lab implements AutoCloseable {
  private final LabFiles files;
  private final LabProcesses processes;

  private Lab(LabFiles files, LabProcesses processes) {
    this.files = files;
    this.processes = processes;
  }

  /**
   * What this machine lacks for a lab.
   *
   * @return a sentence for each lack, with its remedy; empty when {@link #start()} can work
   */
  public static List<String> requirements() {
    return LabRequirements.missing();
  }

  /**
   * Starts a lab; returns when its DNS answers and its servers listen, which takes about two
   * seconds.
   *
   * @return the running lab
   * @throws LabException when a part did not start; everything is removed again
   */
  public static Lab start() {
    LabSweep.sweep();
    LabId id = LabId.next();
    LabProcesses processes = new LabProcesses(id);
    try {
      LabFiles files = LabFiles.create(id);
      processes.start(files);
      return new Lab(files, processes);
    } catch (IOException e) {
      processes.close();
      throw new LabException("starting a lab: " + e.getMessage(), e);
    } catch (RuntimeException | Error e) {
      processes.close();
      throw e;
    }
  }

  /**
   * The command that runs {@code command} where jobs of the lab run: in its network, with its DNS.
   * Working folder, environment, user and process id stay those of who starts it; for the
   * environment that makes clients trust the lab see {@link #environment()} or {@link #process}.
   *
   * @param command the program and its arguments, taken as they are
   * @return the program and arguments to start instead
   */
  public List<String> command(String... command) {
    List<String> all = new ArrayList<>();
    all.add(enterScript().toString());
    all.addAll(List.of(command));
    return List.copyOf(all);
  }

  /**
   * A process that will run {@code command} in the lab, with {@link #environment()} added.
   *
   * @param command the program and its arguments, taken as they are
   * @return a builder that is ready to start
   */
  public ProcessBuilder process(String... command) {
    ProcessBuilder builder = new ProcessBuilder(command(command));
    builder.environment().putAll(environment());
    return builder;
  }

  /**
   * What makes curl, git, OpenSSL, Go, Node.js, npm, pip and their like trust the lab.
   *
   * @return names and values to add to a job's environment
   */
  public Map<String, String> environment() {
    String authority = caFile().toString();
    Map<String, String> variables = new LinkedHashMap<>();
    for (String name :
        List.of(
            "SSL_CERT_FILE",
            "CURL_CA_BUNDLE",
            "GIT_SSL_CAINFO",
            "NODE_EXTRA_CA_CERTS",
            "REQUESTS_CA_BUNDLE",
            "PIP_CERT",
            "npm_config_cafile")) {
      variables.put(name, authority);
    }
    // A proxy of the machine's own network is out of reach, and no way around the lab either.
    variables.put("no_proxy", "*");
    variables.put("NO_PROXY", "*");
    variables.put("npm_config_registry", "https://registry.npmjs.org/");
    variables.put("npm_config_update_notifier", "false");
    variables.put("GIT_CONFIG_NOSYSTEM", "1");
    variables.put("GIT_TERMINAL_PROMPT", "0");
    variables.put("SALLYPORT_LAB_ENTER", enterScript().toString());
    variables.put("SALLYPORT_LAB_RESOLVER", resolverAddress());
    return Map.copyOf(variables);
  }

  /** An executable file that runs its arguments where jobs of the lab run. */
  public Path enterScript() {
    return files.enter();
  }

  /** The name of the network namespace that jobs run in; its entry is in {@code /run/netns}. */
  public String runnerNamespace() {
    return processes.runner().name();
  }

  /** The name of the network namespace that DNS and servers are in. */
  public String internetNamespace() {
    return processes.internet().name();
  }

  /** The certificate of the lab's authority, in PEM. */
  public Path caFile() {
    return files.authority();
  }

  /** The IPv4 address of the DNS that jobs are configured with; it listens on port 53. */
  public String resolverAddress() {
    return present(LabHost.RESOLVER.name(), LabHost.RESOLVER.v4());
  }

  /**
   * A DNS that answers like {@link #resolverAddress()} but that no job is configured with: for
   * queries that go around the machine's own resolver.
   */
  public String rogueResolverAddress() {
    return present(LabHost.ROGUE_RESOLVER.name(), LabHost.ROGUE_RESOLVER.v4());
  }

  /** An IPv4 address with servers that no name leads to. */
  public String namelessAddress() {
    return present("the nameless host", LabHost.NAMELESS.v4());
  }

  /** An IPv6 address with servers that no name leads to. */
  public String namelessAddress6() {
    return present("the nameless host", LabHost.NAMELESS.v6());
  }

  /**
   * The IPv4 address that the lab's DNS gives for a name.
   *
   * @param name one of the lab's, in lower case
   * @return its address
   * @throws LabException when the lab has no such name, or it has no A record
   */
  public String address(String name) {
    return present(name, LabHost.find(name).map(LabHost::v4));
  }

  /**
   * The IPv6 address that the lab's DNS gives for a name.
   *
   * @param name one of the lab's, in lower case
   * @return its address as in RFC 5952, without brackets
   * @throws LabException when the lab has no such name, or it has no AAAA record
   */
  public String address6(String name) {
    return present(name, LabHost.find(name).map(LabHost::v6));
  }

  /**
   * What reached the servers so far, oldest first. A request stands here before its answer is sent:
   * who has the answer finds the record.
   */
  public List<AccessRecord> accessLog() {
    try {
      return AccessLog.read(files.folder());
    } catch (IOException e) {
      throw new LabException("reading the lab's access log: " + e.getMessage(), e);
    }
  }

  /** The questions that reached the DNS so far, oldest first. */
  public List<DnsQuery> dnsQueries() {
    try {
      return NameServer.queries(files.folder());
    } catch (IOException e) {
      throw new LabException("reading the lab's DNS log: " + e.getMessage(), e);
    }
  }

  /** Ends every process in the lab's namespaces, jobs included, and removes all that was made. */
  @Override
  public void close() {
    processes.close();
  }

  /**
   * Makes the end of the Java process tell {@code job} to end, and wait for it for up to {@code
   * patience}, before the lab is taken from under it.
   */
  void outlive(Process job, Duration patience) {
    processes.outlive(job, patience);
  }

  private static String present(String name, @Nullable String address) {
    return present(name, Optional.ofNullable(address));
  }

  private static String present(String name, Optional<String> address) {
    return address.orElseThrow(
        () -> new LabException("the lab's DNS has no such address for " + name));
  }
}
