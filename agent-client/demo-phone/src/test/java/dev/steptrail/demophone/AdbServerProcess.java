package dev.steptrail.demophone;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.steptrail.stepformat.ReservedPorts;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The real {@code adb} of the machine, with a server, a home folder and keys that only one test uses. The first call
 * starts the server.
 */
public final class AdbServerProcess implements AutoCloseable {
    private static final long SECONDS = 30;

    private final Path home;
    private final int serverPort;

    /** What a call wrote and returned. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Result(byte[] output, String error, int exitCode) {
        public String text() {
            return new String(output, UTF_8);
        }
    }

    /** Skips the test where {@code adb} is not installed, or fails it where {@code CI} is set. */
    public AdbServerProcess(Path home) throws IOException {
        boolean installed = Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, "adb")));
        if (System.getenv("CI") != null) {
            assertThat(installed).as("adb is on the PATH").isTrue();
        }
        assumeTrue(installed, "skipped: adb is not installed (Debian: apt-get install adb)");
        this.home = home;
        this.serverPort = ReservedPorts.reserve();
    }

    public int port() {
        return serverPort;
    }

    /** Returns the variables with which a program uses this server. */
    public Map<String, String> environment() {
        return Map.of("HOME", home.toString(), "ANDROID_ADB_SERVER_PORT", Integer.toString(serverPort));
    }

    /** Writes a program that runs {@code adb} with the home folder, for a controller that starts the server itself. */
    public Path writeProgram(Path file) throws IOException {
        Files.writeString(file, "#!/bin/sh\nHOME='" + home + "' exec adb \"$@\"\n");
        assertThat(file.toFile().setExecutable(true)).isTrue();
        return file;
    }

    /** Runs {@code adb}. Its output goes to files, because the server would keep a pipe open. */
    public Result run(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("adb"));
        command.addAll(List.of(arguments));
        Path output = Files.createTempFile(home, "output", "");
        Path error = Files.createTempFile(home, "error", "");
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectOutput(output.toFile())
                .redirectError(error.toFile())
                .redirectInput(new File("/dev/null"));
        builder.environment().putAll(environment());
        builder.environment().remove("ANDROID_SERIAL");
        builder.environment().remove("ADB_VENDOR_KEYS");
        Process process = builder.start();
        if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IOException(String.join(" ", command) + " does not end");
        }
        return new Result(Files.readAllBytes(output), Files.readString(error), process.exitValue());
    }

    /** Runs a call that must succeed, and returns its output. */
    public String call(String... arguments) throws IOException, InterruptedException {
        Result result = run(arguments);
        assertThat(result.exitCode())
                .as("%s: %s%s", String.join(" ", arguments), result.text(), result.error())
                .isZero();
        return result.text();
    }

    @Override
    public void close() throws IOException, InterruptedException {
        run("kill-server");
    }
}
