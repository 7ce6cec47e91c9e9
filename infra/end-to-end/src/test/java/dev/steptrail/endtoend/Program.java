package dev.steptrail.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.stepformat.Interrupts;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.commons.io.FileUtils;

/**
 * A program of this checkout in a separate process. It uses the jars that {@code mvn package} built, as the start
 * script does, an environment that contains only the test's variables, and a home folder that the tests share.
 */
final class Program {
    static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();

    private static final long PATIENCE_SECONDS = 90;
    private static final Path HOME = createHome();

    private final Process process;
    private final Path errors;

    private Program(Process process, Path errors) {
        this.process = process;
        this.errors = errors;
    }

    /** Exit code and output of a program that has ended. */
    record Result(int exitCode, List<String> out, List<String> errors) {}

    /** Starts {@code infra/local-cloud/up}. */
    static Program up(Object... arguments) throws IOException {
        return up(ROOT.resolve("sam-template.yaml"), arguments);
    }

    /** Starts {@code infra/local-cloud/up} with another template. */
    static Program up(Path template, Object... arguments) throws IOException {
        return start(
                List.of(),
                Map.of(),
                ROOT.resolve("infra/local-cloud/target"),
                "local-cloud.jar",
                "dev.steptrail.localcloud.LocalCloud",
                arguments,
                "--template",
                template);
    }

    /** Starts {@code agent-client/steptrail}. */
    static Program steptrail(Map<String, String> environment, Object... arguments) throws IOException {
        return steptrail(List.of(), environment, arguments);
    }

    /** Starts {@code agent-client/steptrail} so that SIGINT ends it. */
    static Program interruptible(Map<String, String> environment, Object... arguments) throws IOException {
        return steptrail(Interrupts.RESTORED, environment, arguments);
    }

    private static Program steptrail(List<String> prefix, Map<String, String> environment, Object[] arguments)
            throws IOException {
        return start(
                prefix,
                environment,
                ROOT.resolve("agent-client/cli/target"),
                "lib/cli.jar",
                "dev.steptrail.cli.Steptrail",
                arguments);
    }

    private static Program start(
            List<String> prefix,
            Map<String, String> environment,
            Path target,
            String jar,
            String main,
            Object[] arguments,
            Object... more)
            throws IOException {
        assertThat(target.resolve(jar))
                .as("run mvn package first: these tests run its jars")
                .exists();
        List<String> command = new ArrayList<>(prefix);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1", // for a faster start
                "-XX:+UnlockDiagnosticVMOptions",
                "-XX:-BytecodeVerificationRemote", // as in the JVM of the tests
                "-XX:+UseSerialGC"));
        if (Runtime.version().feature() >= 23) {
            command.add("--sun-misc-unsafe-memory-access=allow"); // as in the start script
        }
        command.addAll(List.of("-cp", target.resolve(jar) + File.pathSeparator + target.resolve("lib") + "/*", main));
        Arrays.stream(arguments).map(Object::toString).forEach(command::add);
        Arrays.stream(more).map(Object::toString).forEach(command::add);
        Path errors = Files.createTempFile("program", ".err");
        errors.toFile().deleteOnExit();
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(errors.toFile());
        builder.environment().keySet().retainAll(List.of("PATH"));
        builder.environment().put("HOME", HOME.toString());
        builder.environment().putAll(environment);
        return new Program(builder.start(), errors);
    }

    /** On a disk, because containers do not execute programs, such as the encoder, in /dev/shm. */
    private static Path createHome() {
        try {
            Path home = Files.createTempDirectory("home");
            Runtime.getRuntime().addShutdownHook(new Thread(() -> FileUtils.deleteQuietly(home.toFile())));
            return home;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Process process() {
        return process;
    }

    /** Returns the next line of standard output; null at its end. */
    String readLine() throws IOException {
        return process.inputReader().readLine();
    }

    List<String> errors() throws IOException {
        return Files.readAllLines(errors);
    }

    /** Waits for the program to end. */
    Result finish() throws IOException, InterruptedException {
        List<String> out = process.inputReader().lines().toList();
        try {
            assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS))
                    .as("ends within %d s", PATIENCE_SECONDS)
                    .isTrue();
        } finally {
            process.destroyForcibly();
        }
        return new Result(process.exitValue(), out, errors());
    }
}
