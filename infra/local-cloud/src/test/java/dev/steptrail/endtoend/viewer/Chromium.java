package dev.steptrail.endtoend.viewer;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
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
 * The system's browser: as many as are wanted at a time, each for one test after the other until this JVM ends, since its driver
 * serves one at a time.
 */
final class Chromium {
    /** Held by who measures one, so that no other runs meanwhile; by the other tests to read. */
    static final String LOCK = "chromium";

    static final String NONE =
            "skipped: there is no Chromium here; sudo apt-get install -y chromium-headless-shell fonts-wqy-microhei,"
                    + " or name one by -Dsteptrail.chromium=PATH";

    /** First the one without a window: a whole one spends half a second of a processor on the window of each context. */
    private static final List<String> NAMES =
            List.of("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable");

    private static final List<Path> MAC = List.of(
            Path.of("/Applications/Chromium.app/Contents/MacOS/Chromium"),
            Path.of("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"));

    private static final Queue<Browser> IDLE = new ConcurrentLinkedQueue<>();

    private Chromium() {}

    /** One that nobody else uses until it is given back. */
    static Browser take() {
        Browser idle = IDLE.poll();
        return idle == null ? start() : idle;
    }

    static void giveBack(Browser browser) {
        IDLE.add(browser);
    }

    /** Ends those that nobody uses, with which one that is measured would share memory. */
    static void closeIdle() {
        for (Browser idle = IDLE.poll(); idle != null; idle = IDLE.poll()) {
            idle.close();
        }
    }

    private static Browser start() {
        Playwright playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        Runtime.getRuntime().addShutdownHook(new Thread(playwright::close));
        return playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(program().orElseThrow())
                        .setArgs(List.of("--no-sandbox"))); // which root cannot have
    }

    /** Whether a missing one fails the tests. */
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
