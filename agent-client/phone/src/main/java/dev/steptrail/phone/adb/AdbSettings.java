package dev.steptrail.phone.adb;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * How phones are reached.
 *
 * @param serverHost the host of the adb server
 * @param serverPort the port of the adb server
 * @param adbBinary the program that starts the adb server if none runs on this machine
 * @param timeouts of requests
 * @param keyboardWait how long to wait after switching to ADB Keyboard, after clearing the field and after typing
 * @param stateFolder with {@code phones}: the lock of each phone that is in use, and its user's keyboard while ADB
 *     Keyboard is selected
 */
public record AdbSettings(
        String serverHost,
        int serverPort,
        String adbBinary,
        AdbTimeouts timeouts,
        Duration keyboardWait,
        Path stateFolder) {
    private static final int DEFAULT_PORT = 5037;

    /**
     * Returns the settings of a process: the server from {@code ANDROID_ADB_SERVER_ADDRESS} and
     * {@code ANDROID_ADB_SERVER_PORT}, default 127.0.0.1:5037; {@code adb} from {@code ANDROID_HOME} if it is set,
     * otherwise from the {@code PATH}; a keyboard wait of 1 s; state in {@code ~/.steptrail}.
     *
     * @param environment the environment variables
     * @throws IllegalArgumentException if the port is not a number from 1 to 65535
     */
    public static AdbSettings fromEnvironment(Map<String, String> environment) {
        String home = environment.getOrDefault("HOME", "");
        if (home.isBlank()) {
            home = System.getProperty("user.home", ".");
        }
        String address = environment.getOrDefault("ANDROID_ADB_SERVER_ADDRESS", "");
        return new AdbSettings(
                address.isBlank() ? "127.0.0.1" : address.strip(),
                port(environment.getOrDefault("ANDROID_ADB_SERVER_PORT", "")),
                adbBinary(environment),
                AdbTimeouts.DEFAULT,
                Duration.ofSeconds(1),
                Path.of(home, ".steptrail"));
    }

    private static String adbBinary(Map<String, String> environment) {
        String sdk = environment.getOrDefault("ANDROID_HOME", environment.getOrDefault("ANDROID_SDK_ROOT", ""));
        Path installed = Path.of(sdk, "platform-tools", "adb");
        return !sdk.isBlank() && Files.isExecutable(installed) ? installed.toString() : "adb";
    }

    private static int port(String value) {
        if (value.isBlank()) {
            return DEFAULT_PORT;
        }
        try {
            int port = Integer.parseInt(value.strip());
            if (port >= 1 && port <= 65_535) {
                return port;
            }
        } catch (NumberFormatException e) {
            // reported below
        }
        throw new IllegalArgumentException(
                "ANDROID_ADB_SERVER_PORT must be a port from 1 to 65535, but is '" + value + "'");
    }

    public AdbSettings withAdbBinary(String adbBinary) {
        return new AdbSettings(serverHost, serverPort, adbBinary, timeouts, keyboardWait, stateFolder);
    }

    public AdbSettings withTimeouts(AdbTimeouts timeouts) {
        return new AdbSettings(serverHost, serverPort, adbBinary, timeouts, keyboardWait, stateFolder);
    }

    public AdbSettings withKeyboardWait(Duration keyboardWait) {
        return new AdbSettings(serverHost, serverPort, adbBinary, timeouts, keyboardWait, stateFolder);
    }
}
