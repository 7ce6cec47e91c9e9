package dev.steptrail.cli.login;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Opens the user's browser by a program of the system, since {@code java.awt.Desktop} needs a desktop module. */
public final class Browser {
    private Browser() {}

    /**
     * Opens a URL.
     *
     * @param environment with {@code PATH} and, on Linux, the variable of the display
     * @return false if there is no browser or no display
     */
    public static boolean open(Map<String, String> environment, URI url) {
        String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        boolean isWindows = system.startsWith("windows");
        boolean isMac = system.contains("mac");
        boolean hasDisplay =
                isWindows || isMac || environment.containsKey("DISPLAY") || environment.containsKey("WAYLAND_DISPLAY");
        List<String> command = new ArrayList<>(
                isWindows
                        ? List.of("rundll32.exe", "url.dll,FileProtocolHandler")
                        : List.of(isMac ? "open" : "xdg-open"));
        Optional<Path> program = find(environment, command.get(0));
        if (!hasDisplay || program.isEmpty()) {
            return false;
        }
        command.set(0, program.get().toString());
        command.add(url.toString());
        try {
            new ProcessBuilder(command)
                    .redirectInput(ProcessBuilder.Redirect.from(nullDevice(isWindows)))
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static File nullDevice(boolean isWindows) {
        return new File(isWindows ? "NUL" : "/dev/null");
    }

    private static Optional<Path> find(Map<String, String> environment, String name) {
        String path = environment.getOrDefault("PATH", environment.getOrDefault("Path", ""));
        return Pattern.compile(File.pathSeparator, Pattern.LITERAL)
                .splitAsStream(path)
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
