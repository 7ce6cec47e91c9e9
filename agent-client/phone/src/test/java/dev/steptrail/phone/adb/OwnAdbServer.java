package dev.steptrail.phone.adb;

import dev.steptrail.demophone.AdbServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** An adb server of a test, with the settings that use it. It is started by the first request. */
final class OwnAdbServer implements AutoCloseable {
    private final AdbServerProcess server;
    private final AdbSettings settings;

    OwnAdbServer(Path folder) throws IOException {
        server = new AdbServerProcess(Files.createDirectories(folder.resolve("home")));
        settings = AdbSettings.fromEnvironment(Map.of())
                .withServer("127.0.0.1", server.port())
                .withAdbBinary(server.writeProgram(folder.resolve("adb")).toString())
                .withKeyboardWait(Duration.ZERO)
                .withStateFolder(folder.resolve("state"));
    }

    AdbSettings settings() {
        return settings;
    }

    /** Runs adb, and returns what it prints. */
    String adb(String... arguments) throws IOException, InterruptedException {
        return server.run(arguments).text();
    }

    @Override
    public void close() throws IOException, InterruptedException {
        server.close();
    }
}
