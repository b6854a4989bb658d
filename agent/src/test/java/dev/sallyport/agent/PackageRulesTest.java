package dev.sallyport.agent;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.sallyport.agent.kernel.RingReader;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The arrows between the agent's packages run one way. */
class PackageRulesTest {

  private static final String AGENT = "dev.sallyport.agent.";

  private static JavaClasses agent;

  @BeforeAll
  static void readClasses() throws URISyntaxException {
    Path classes =
        Path.of(RingReader.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    agent = new ClassFileImporter().importPath(classes);
    assertThat(agent.contain(AGENT + "kernel.RingReader")).as("classes in %s", classes).isTrue();
  }

  /** What a package may know of the agent; all of the SPI and the JDK is open to it. */
  @ParameterizedTest
  @CsvSource({
    "kernel, ''",
    "correlation, ''",
    "host, kernel",
    "process, host kernel correlation",
    "pipeline, host kernel correlation",
    "export, pipeline correlation",
    "report, pipeline correlation",
  })
  void knowsOnlyWhatIsBelow(String name, String others) {
    String[] allowed =
        Stream.concat(Stream.of(name), Stream.of(others.split(" ", -1)))
            .filter(other -> !other.isEmpty())
            .map(other -> AGENT + other + "..")
            .toArray(String[]::new);

    noClasses()
        .that()
        .resideInAPackage(AGENT + name + "..")
        .should()
        .dependOnClassesThat(
            resideInAnyPackage("dev.sallyport..")
                .and(not(resideInAnyPackage(allowed)))
                .and(not(resideInAnyPackage("dev.sallyport.spi.."))))
        .check(agent);
  }

  @Test
  void nobodyImportsTheCommandLine() {
    noClasses()
        .that()
        .resideOutsideOfPackage(AGENT + "cli..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage(AGENT + "cli..")
        .check(agent);
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching(AGENT + "(*)..").should().beFreeOfCycles().check(agent);
  }

  @Test
  void nativeCodeIsTheKernelPackagesAlone() {
    noClasses()
        .that()
        .resideOutsideOfPackage(AGENT + "kernel..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("me.bechberger..", "com.sun.jna..")
        .orShould()
        .dependOnClassesThat()
        .belongToAnyOf(Linker.class, SymbolLookup.class, FunctionDescriptor.class)
        .orShould()
        .callMethod(MemorySegment.class, "reinterpret", long.class)
        .check(agent);
  }

  @Test
  void kernelHostAndCorrelationNeedNoLibraries() {
    classes()
        .that()
        .resideInAnyPackage(AGENT + "host..", AGENT + "correlation..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage("java..", "org.jspecify..", "dev.sallyport..")
        .check(agent);
    classes()
        .that()
        .resideInAPackage(AGENT + "kernel..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "java..", "org.jspecify..", "com.sun.jna..", "me.bechberger..", AGENT + "kernel..")
        .check(agent);
  }
}
