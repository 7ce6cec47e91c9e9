package dev.steptrail.bench.viewer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** The installed Chromium. */
final class Chromium implements AutoCloseable {
    /** Names of the program in order of preference, as in the viewer's tests. */
    private static final List<String> PROGRAMS =
            List.of("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable");

    private static final double TIMEOUT_MS = 120_000;

    private final Playwright playwright;
    private final Browser browser;
    private final String probe;

    Chromium() throws IOException {
        try (InputStream script = Chromium.class.getResourceAsStream("probe.js")) {
            probe = new String(script.readAllBytes(), StandardCharsets.UTF_8);
        }
        playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(program())
                        .setArgs(List.of("--no-sandbox")));
    }

    private static Path program() throws IOException {
        return Pattern.compile(File.pathSeparator, Pattern.LITERAL)
                .splitAsStream(System.getenv().getOrDefault("PATH", ""))
                .flatMap(folder -> PROGRAMS.stream().map(name -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new IOException("no Chromium on the PATH; install one of " + PROGRAMS));
    }

    /** Returns a context with empty caches, whose documents run {@code probe.js}. */
    BrowserContext newContext() {
        BrowserContext context = browser.newContext(new Browser.NewContextOptions().setViewportSize(1366, 768));
        context.setDefaultTimeout(TIMEOUT_MS);
        context.addInitScript(probe);
        return context;
    }

    /**
     * Returns the memory of the largest process that renders a page, in MiB: its proportional set size on Linux, which
     * counts memory that n processes share by its n-th part.
     */
    double rendererMebibytes() throws IOException {
        double max = 0;
        String info =
                browser.newBrowserCDPSession().send("SystemInfo.getProcessInfo").toString();
        for (JsonNode process : new JsonMapper().readTree(info).path("processInfo")) {
            if (process.path("type").asText().equals("renderer")) {
                max = Math.max(max, readMebibytes(process.path("id").asText()));
            }
        }
        return max;
    }

    private static double readMebibytes(String process) throws IOException {
        Path rollup = Path.of("/proc", process, "smaps_rollup");
        String line = Files.readAllLines(rollup).stream()
                .filter(candidate -> candidate.startsWith("Pss:"))
                .findFirst()
                .orElseThrow(() -> new IOException(rollup + " does not contain Pss"));
        return Long.parseLong(line.replaceAll("\\D", "")) / 1024.0;
    }

    @Override
    public void close() {
        browser.close();
        playwright.close();
    }
}
