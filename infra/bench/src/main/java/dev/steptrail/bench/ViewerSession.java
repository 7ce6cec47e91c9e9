package dev.steptrail.bench;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Opens task pages as a signed-in user, in the installed Chromium. */
final class ViewerSession implements AutoCloseable {
    /** Names of the program in order of preference, as in the viewer's tests. */
    private static final List<String> BROWSERS =
            List.of("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable");

    private static final double TIMEOUT_MS = 120_000;
    private static final int MOVES = 499;

    private static final String REPORT_FIRST_FRAME = """
        new MutationObserver((changes, observer) => {
          if (document.querySelector('.player .stage[data-state=shown]')) {
            window.firstFrame = performance.now();
            observer.disconnect();
          }
        }).observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ['data-state'] });\
        """;

    private static final String SCRUB = """
        async ([steps, moves]) => {
          const scrub = document.querySelector('.player input.scrub');
          const stage = document.querySelector('.player .stage');
          const canvas = stage.querySelector('canvas');
          const times = [];
          let shown = 0;
          let lastLabel = canvas.ariaLabel;
          let last = await new Promise(requestAnimationFrame);
          for (let move = 0; move < moves; move++) {
            const position = move % (2 * (steps - 1));
            scrub.value = position < steps ? position : 2 * (steps - 1) - position;
            scrub.dispatchEvent(new Event('input'));
            const now = await new Promise(requestAnimationFrame);
            times.push(now - last);
            last = now;
            if (stage.dataset.state === 'shown' && canvas.ariaLabel !== lastLabel) {
              lastLabel = canvas.ariaLabel;
              shown++;
            }
          }
          return [times, shown / moves];
        }\
        """;

    private final Playwright playwright;
    private final Browser browser;
    private final CloudServer cloud;

    /**
     * The results of a visit.
     *
     * @param firstFrame the time from navigation to the first screenshot, in milliseconds
     * @param frameTimeP95 the 95th percentile of the browser's frame times while scrubbing, in milliseconds
     * @param shownPercent the percentage of slider moves that displayed another step's screenshot
     */
    record Visit(double firstFrame, double frameTimeP95, double shownPercent) {}

    ViewerSession(CloudServer cloud) throws IOException {
        this.cloud = cloud;
        playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(chromium())
                        .setArgs(List.of("--no-sandbox")));
    }

    private static Path chromium() throws IOException {
        return Pattern.compile(File.pathSeparator, Pattern.LITERAL)
                .splitAsStream(System.getenv().getOrDefault("PATH", ""))
                .flatMap(folder -> BROWSERS.stream().map(name -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new IOException("no Chromium on the PATH; install one of " + BROWSERS));
    }

    Visit visit(String task, int steps) {
        try (BrowserContext context = browser.newContext(new Browser.NewContextOptions().setViewportSize(1280, 900))) {
            context.setDefaultTimeout(TIMEOUT_MS);
            context.addInitScript("sessionStorage.setItem('session', JSON.stringify({ token: '"
                    + cloud.get("STEPTRAIL_TOKEN") + "', user: 'demo', expiresAt: Date.now() + 3600000 }));"
                    + REPORT_FIRST_FRAME);
            Page page = context.newPage();
            page.navigate(cloud.get("STEPTRAIL_API") + "/tasks/" + task);
            page.locator(".player .stage[data-state=shown]").waitFor();
            double firstFrame = ((Number) page.evaluate("window.firstFrame")).doubleValue();
            page.locator(".player input.scrub[max='" + (steps - 1) + "']").waitFor(); // all steps are loaded
            List<?> scrubbed = (List<?>) page.evaluate(SCRUB, List.of(steps, MOVES));
            double[] times = ((List<?>) scrubbed.get(0))
                    .stream()
                            .mapToDouble(time -> ((Number) time).doubleValue())
                            .sorted()
                            .toArray();
            double shownPercent = 100 * ((Number) scrubbed.get(1)).doubleValue();
            return new Visit(firstFrame, times[times.length * 95 / 100], shownPercent);
        }
    }

    @Override
    public void close() {
        browser.close();
        playwright.close();
    }
}
