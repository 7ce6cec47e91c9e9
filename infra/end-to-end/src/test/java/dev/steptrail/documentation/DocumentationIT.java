package dev.steptrail.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.localcloud.SharedSetup;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Runs the blocks of the README and of the pages in {@code docs} that are marked as runnable, as a reader would: page
 * by page, from the folder of the checkout, by the start scripts. The README comes first. It starts the local cloud and
 * the shipper, which the other pages use.
 */
@Order(0)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DocumentationIT {
    private static final Path PYTHON_PACKAGE = Pages.ROOT.resolve("agent-client/python/src");

    /** The pages that a newcomer follows. The others, which take minutes, are run every night. */
    private static final List<Path> FIRST_PAGES = List.of(Pages.README, Pages.DOCS.resolve("tutorial.md"));

    private static final List<String> STARTED = new ArrayList<>();

    private static Path folder = Path.of("");

    @BeforeAll
    static void copyCheckout() throws IOException {
        // On a disk, because containers do not execute scripts in /dev/shm. No @TempDir, which warns about each link.
        folder = Files.createTempDirectory("documentation");
        Checkout.copyTo(checkout());
        SharedSetup.addTo(Files.createDirectory(checkout().resolve(".steptrail")));
        Path bin = Files.createDirectory(folder.resolve("bin"));
        Path maven = Files.writeString(bin.resolve("mvn"), "#!/bin/sh\necho 'tests must not start a build'\nexit 1\n");
        assertThat(maven.toFile().setExecutable(true)).isTrue();
        Path home = Files.createDirectory(folder.resolve("home"));
        Files.writeString(home.resolve(".curlrc"), "fail\nsilent\nshow-error\n");
    }

    @ParameterizedTest
    @MethodSource
    @Order(1)
    void blocksOfAFirstPage_succeed(Path page) throws Exception {
        runBlocks(page);
    }

    static List<Path> blocksOfAFirstPage_succeed() throws IOException {
        return pages(FIRST_PAGES::contains);
    }

    @ParameterizedTest
    @MethodSource
    @Order(2)
    @Tag("nightly")
    void blocksOfAnotherPage_succeed(Path page) throws Exception {
        runBlocks(page);
    }

    static List<Path> blocksOfAnotherPage_succeed() throws IOException {
        return pages(page -> !FIRST_PAGES.contains(page));
    }

    private static void runBlocks(Path page) throws Exception {
        assertThat(new PageScript(page, folder.resolve("pages")).run(checkout(), environment(), STARTED, classPath()))
                .isEmpty();
    }

    private static List<Path> pages(Predicate<Path> selected) throws IOException {
        List<Path> pages = new ArrayList<>();
        for (Path page : Pages.tested()) {
            if (!page.equals(Pages.CHINESE_README) && selected.test(page) && PageScript.isNeededFor(page)) {
                pages.add(page);
            }
        }
        return pages;
    }

    @AfterAll
    static void stopPrograms() throws Exception {
        List<ProcessHandle> programs =
                PageScript.processes(folder.resolve("pages")).toList();
        programs.forEach(ProcessHandle::destroy);
        for (ProcessHandle program : programs) {
            program.onExit().orTimeout(60, TimeUnit.SECONDS).join();
        }
        FileUtils.deleteDirectory(folder.toFile());
        assertThat(programs).as("programs that ran until the last page").hasSameSizeAs(STARTED);
    }

    private static Path checkout() {
        return folder.resolve("steptrail");
    }

    private static Map<String, String> environment() {
        return Map.of(
                "HOME",
                folder.resolve("home").toString(),
                "JAVA_HOME",
                System.getProperty("java.home"),
                "PATH",
                folder.resolve("bin") + File.pathSeparator + System.getenv("PATH"),
                "PYTHONDONTWRITEBYTECODE",
                "1",
                "PYTHONPATH",
                PYTHON_PACKAGE.toString(),
                "STEPTRAIL_JAVA_OPTIONS", // as in the JVM of the tests
                "-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:+UnlockDiagnosticVMOptions -XX:-BytecodeVerificationRemote");
    }

    /** Returns the class path of an agent that embeds the tracker, without the shipper. */
    private static String classPath() throws IOException {
        try (Stream<Path> jars = Files.list(Pages.ROOT.resolve("agent-client/cli/target/lib"))) {
            return jars.map(Path::toString)
                    .filter(jar -> !jar.contains("/shipper-") && !jar.endsWith("/cli.jar"))
                    .collect(Collectors.joining(File.pathSeparator));
        }
    }
}
