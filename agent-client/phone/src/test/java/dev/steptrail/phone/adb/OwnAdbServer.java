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
        Map<String, String> environment =
                Map.of("ANDROID_ADB_SERVER_PORT", String.valueOf(server.port()), "HOME", folder.toString());
        settings = AdbSettings.fromEnvironment(environment)
                .withAdbBinary(server.writeProgram(folder.resolve("adb")).toString())
                .withKeyboardWait(Duration.ZERO);
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
