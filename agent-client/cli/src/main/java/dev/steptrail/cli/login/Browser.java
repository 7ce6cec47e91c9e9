package dev.steptrail.cli.login;

import static java.nio.charset.StandardCharsets.UTF_8;

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
import org.jspecify.annotations.Nullable;

/**
 * Opens the user's browser by a program of the system, since {@code java.awt.Desktop} needs a desktop module.
 *
 * <p>The program gets the path of a page that redirects to the URL, and not the URL: other users of the machine can
 * read the arguments of programs, and with the URL of a sign-in they could complete it as themselves. Only this user
 * can read the page. It is deleted when the browser is closed, or when this process ends.
 */
public final class Browser implements AutoCloseable {
    private static final String PAGE = """
            <!doctype html>
            <html lang="en"><meta charset="utf-8"><title>steptrail login</title>
            <meta name="referrer" content="no-referrer">
            <meta http-equiv="refresh" content="0; url=%1$s">
            <p><a href="%1$s">Sign in</a></p>
            </html>
            """;

    /** The page; null if no browser was started. */
    private final @Nullable Path page;

    private Browser(@Nullable Path page) {
        this.page = page;
    }

    /**
     * Opens a URL. Opens nothing if there is no browser or no display, or if the page cannot be written.
     *
     * @param environment with {@code PATH}, {@code HOME} and, on Linux, the variable of the display
     */
    public static Browser open(Map<String, String> environment, URI url) {
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
            return new Browser(null);
        }
        command.set(0, program.get().toString());
        try {
            Path page = writePage(environment, url);
            command.add(page.toString());
            Process process = new ProcessBuilder(command)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            process.getOutputStream().close();
            return new Browser(page);
        } catch (IOException e) {
            return new Browser(null);
        }
    }

    /**
     * Writes the page into a new folder of the home folder. Browsers in a sandbox, such as Ubuntu's Firefox (a snap),
     * can read neither the folder of temporary files nor hidden folders.
     */
    private static Path writePage(Map<String, String> environment, URI url) throws IOException {
        Path home = Path.of(environment.getOrDefault("HOME", System.getProperty("user.home", "")));
        Path folder = Files.createTempDirectory(home, "steptrail-login-"); // mode 0700
        folder.toFile().deleteOnExit();
        Path page = Files.createTempFile(folder, "sign-in", ".html"); // mode 0600
        page.toFile().deleteOnExit();
        String escaped = url.toASCIIString().replace("&", "&amp;");
        return Files.writeString(page, PAGE.formatted(escaped), UTF_8);
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

    /** Returns whether a browser was started. */
    public boolean isOpen() {
        return page != null;
    }

    /** Deletes the page. Does not close a window. */
    @Override
    public void close() {
        if (page == null) {
            return;
        }
        try {
            Files.deleteIfExists(page);
            Files.deleteIfExists(page.resolveSibling(""));
        } catch (IOException e) {
            // A failure must not fail the sign-in. The page is deleted when the process ends.
        }
    }
}
