package dev.steptrail.phone.adb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * An adb server of a test, with its own port and home folder. It is started by the first request. Tests are skipped
 * where {@code adb} is missing, but fail there if {@code CI} is set.
 */
final class OwnAdbServer implements AutoCloseable {
    private final int port;
    private final Path adb;
    private final AdbSettings settings;

    OwnAdbServer(Path folder) throws IOException {
        boolean installed = List.of(System.getenv("PATH").split(":")).stream()
                .anyMatch(path -> Files.isExecutable(Path.of(path, "adb")));
        assumeTrue(installed || System.getenv("CI") != null, "adb is not installed");
        assertThat(installed).as("adb is installed").isTrue();
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        Path home = Files.createDirectories(folder.resolve("home"));
        adb = folder.resolve("adb");
        Files.writeString(adb, "#!/bin/sh\nHOME='" + home + "' exec adb \"$@\"\n");
        assertThat(adb.toFile().setExecutable(true)).isTrue();
        settings = AdbSettings.fromEnvironment(Map.of())
                .withServer("127.0.0.1", port)
                .withAdbBinary(adb.toString())
                .withKeyboardWait(Duration.ZERO)
                .withStateFolder(folder.resolve("state"));
    }

    AdbSettings settings() {
        return settings;
    }

    /** Runs adb, and returns what it prints. */
    String adb(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(adb.toString(), "-P", Integer.toString(port)));
        command.addAll(List.of(arguments));
        Path output = Files.createTempFile(adb.getParent(), "adb", ".txt");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        process.waitFor();
        return Files.readString(output);
    }

    @Override
    public void close() throws IOException, InterruptedException {
        adb("kill-server");
    }
}
