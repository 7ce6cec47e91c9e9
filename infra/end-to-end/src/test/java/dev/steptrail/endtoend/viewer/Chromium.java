package dev.steptrail.endtoend.viewer;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A pool of the system's browser. Instances are reused. Each serves one test at a time, as its driver is not
 * thread-safe.
 */
final class Chromium {
    static final String NONE =
            "skipped: Chromium is not installed; sudo apt-get install -y chromium-headless-shell fonts-wqy-microhei,"
                    + " or name one by -Dsteptrail.chromium=PATH";

    /** Names in order of preference. Full Chromium needs 0.5 s more CPU time per context than the headless shell. */
    private static final List<String> NAMES =
            List.of("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable");

    private static final List<Path> MAC = List.of(
            Path.of("/Applications/Chromium.app/Contents/MacOS/Chromium"),
            Path.of("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"));

    /** Playwright's 5 s are too short on a machine that runs other browsers and builds. */
    private static final double ASSERTION_TIMEOUT_MS = 20_000;

    static {
        PlaywrightAssertions.setDefaultAssertionTimeout(ASSERTION_TIMEOUT_MS);
    }

    private static final Queue<Browser> IDLE = new ConcurrentLinkedQueue<>();

    private Chromium() {}

    /** Returns a browser for exclusive use until {@link #giveBack}. Starts one if none is idle. */
    static Browser take() {
        Browser idle = IDLE.poll();
        return idle == null ? start() : idle;
    }

    static void giveBack(Browser browser) {
        IDLE.add(browser);
    }

    private static Browser start() {
        Playwright playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        Runtime.getRuntime().addShutdownHook(new Thread(playwright::close));
        return playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(program().orElseThrow())
                        .setArgs(List.of("--no-sandbox"))); // root cannot use the sandbox
    }

    /** Returns true if a missing browser fails the tests instead of skipping them. */
    static boolean isRequired() {
        return Stream.of("CI", "STEPTRAIL_REQUIRE_BROWSER")
                .anyMatch(name -> !System.getenv().getOrDefault(name, "").isBlank());
    }

    static Optional<Path> program() {
        String named = System.getProperty("steptrail.chromium", "");
        if (!named.isBlank()) {
            return Optional.of(Path.of(named));
        }
        Stream<Path> onThePath = Pattern.compile(File.pathSeparator, Pattern.LITERAL)
                .splitAsStream(System.getenv().getOrDefault("PATH", ""))
                .map(Path::of)
                .flatMap(folder -> NAMES.stream().map(folder::resolve));
        return Stream.concat(onThePath, MAC.stream())
                .filter(Files::isExecutable)
                .findFirst();
    }
}
