package dev.sallyport.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleDescriptor.Requires;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReader;
import java.lang.module.ModuleReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.Manifest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Who may know whom, as the descriptors of the modules that are installed have it. */
class ModuleRulesTest {

  private static final String OURS = "dev.sallyport.";
  private static final String SPI = "dev.sallyport.spi";
  private static final Path ROOT = Path.of(System.getProperty("sallyport.root"));
  private static final Path LIB = ROOT.resolve("distribution/target/sallyport/lib");

  private static ModuleFinder installed;

  @BeforeAll
  static void readModules() {
    installed = ModuleFinder.of(LIB);
    assertThat(descriptors())
        .as("modules in %s", LIB)
        .extracting(ModuleDescriptor::name)
        .contains(SPI, "dev.sallyport.agent");
  }

  @Test
  void theSpiKnowsTheJdkAndJSpecifyAndNothingElse() {
    assertThat(withoutJdk(requires(descriptor(SPI)))).containsExactly("org.jspecify");
    assertThat(requires(descriptor(SPI))).containsOnly("java.base", "org.jspecify");
    assertThat(descriptor(SPI).exports())
        .allSatisfy(exports -> assertThat(exports.isQualified()).isFalse());
  }

  @Test
  void theAgentKnowsOfOursTheSpiAndTheControlPlane() {
    assertThat(ours(requires(descriptor("dev.sallyport.agent"))))
        .isSubsetOf(SPI, "dev.sallyport.proto")
        .contains(SPI);
  }

  @Test
  void theAgentExportsToTheTestKitAlone() {
    assertThat(descriptor("dev.sallyport.agent").exports())
        .allSatisfy(
            exports -> assertThat(exports.targets()).containsExactly("dev.sallyport.testkit"));
  }

  @Test
  void theTestKitIsNotInstalled() {
    assertThat(installed.find("dev.sallyport.testkit")).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("plugins")
  void probesAndAdaptersKnowTheSpiOnlyAndExportNothing(ModuleDescriptor plugin) {
    assertThat(withoutJdk(requires(plugin))).isSubsetOf(SPI, "org.jspecify").contains(SPI);
    assertThat(plugin.exports()).isEmpty();
    assertThat(plugin.isOpen()).isFalse();
  }

  @Test
  void ourModulesAreRealOnes() {
    assertThat(descriptors())
        .filteredOn(module -> module.name().startsWith(OURS))
        .allSatisfy(module -> assertThat(module.isAutomatic()).isFalse());
  }

  @Test
  void onlyTheAgentAndItsTwoBindingsHaveNativeAccess() throws IOException {
    String launcher = Files.readString(ROOT.resolve("bin/sallyport"));
    Matcher granted = Pattern.compile("--enable-native-access=(\\S+)").matcher(launcher);

    assertThat(granted.find()).isTrue();
    assertThat(granted.group(1).split(",", -1))
        .containsExactlyInAnyOrder("dev.sallyport.agent", "rawbpf", "com.sun.jna");
    assertThat(granted.find()).as("a second grant").isFalse();
    assertThat(launcher).contains("--illegal-native-access=deny");
    assertThat(manifestsThatGrantNativeAccess()).isEmpty();
  }

  @Test
  void onlyTheAgentKnowsTheBindings() {
    assertThat(descriptors())
        .filteredOn(module -> !module.isAutomatic())
        .filteredOn(module ->
            requires(module).contains("rawbpf") || requires(module).contains("com.sun.jna"))
        .extracting(ModuleDescriptor::name)
        .containsExactly("dev.sallyport.agent");
  }

  private static Set<ModuleDescriptor> plugins() {
    return descriptors().stream()
        .filter(module ->
            module.provides().stream()
                .anyMatch(provides -> provides.service().startsWith(SPI + ".")))
        .collect(Collectors.toSet());
  }

  private static Set<String> manifestsThatGrantNativeAccess() throws IOException {
    Set<String> found = new TreeSet<>();
    for (ModuleReference module : installed.findAll()) {
      try (ModuleReader reader = module.open();
          InputStream manifest = reader.open("META-INF/MANIFEST.MF").orElse(null)) {
        if (manifest != null
            && new Manifest(manifest).getMainAttributes().getValue("Enable-Native-Access")
                != null) {
          found.add(module.descriptor().name());
        }
      }
    }
    return found;
  }

  private static Set<ModuleDescriptor> descriptors() {
    return installed.findAll().stream()
        .map(ModuleReference::descriptor)
        .collect(Collectors.toSet());
  }

  private static ModuleDescriptor descriptor(String name) {
    return installed.find(name).orElseThrow().descriptor();
  }

  private static Set<String> requires(ModuleDescriptor module) {
    return module.requires().stream().map(Requires::name).collect(Collectors.toSet());
  }

  private static Set<String> ours(Set<String> modules) {
    return modules.stream().filter(name -> name.startsWith(OURS)).collect(Collectors.toSet());
  }

  private static Set<String> withoutJdk(Set<String> modules) {
    Set<String> rest = new TreeSet<>(modules);
    ModuleFinder.ofSystem().findAll().forEach(module -> rest.remove(module.descriptor().name()));
    return rest;
  }
}
