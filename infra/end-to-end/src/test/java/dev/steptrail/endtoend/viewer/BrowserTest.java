package dev.steptrail.endtoend.viewer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.deque.html.axecore.args.AxeRunOptions;
import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ReducedMotion;
import dev.steptrail.endtoend.CloudProcess;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInfo;

/** Base of the tests of the viewer in a browser. Each test fails if a page causes unexpected {@link Faults}. */
abstract class BrowserTest {
    private static final List<String> AXE_RULES =
            List.of("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice");

    final Faults faults = new Faults();

    private final List<BrowserContext> contexts = new ArrayList<>();
    private @Nullable Browser browser;

    @BeforeAll
    static void reportMissingBrowser(TestInfo test) {
        if (Chromium.program().isEmpty() && !Chromium.isRequired()) {
            System.out.println(test.getDisplayName() + " is " + Chromium.NONE); // Maven prints no reason
        }
    }

    @BeforeEach
    void takeBrowser() {
        assumeTrue(Chromium.program().isPresent() || Chromium.isRequired(), Chromium.NONE);
        browser = Chromium.take();
    }

    @AfterEach
    void closeAll() {
        contexts.forEach(BrowserContext::close);
        if (browser != null) {
            Chromium.giveBack(browser);
        }
        assertThat(faults.unexpected()).isEmpty();
    }

    /** Returns the cloud whose viewer is tested. */
    CloudProcess cloud() {
        return ViewerCloud.cloud();
    }

    /** Opens a page in a new browser context without a signed-in user. */
    Page stranger(Browser.NewContextOptions options) {
        BrowserContext context = Objects.requireNonNull(browser)
                .newContext(options.setBaseURL(cloud().api().address()));
        contexts.add(context);
        faults.watch(context);
        return context.newPage();
    }

    Page stranger() {
        return stranger(english());
    }

    /** Opens a page in a new browser context, signed in as demo. */
    Page reader(Browser.NewContextOptions options) {
        Page page = stranger(options);
        SignedIn.of(cloud(), Objects.requireNonNull(browser)).enter(page.context());
        return page;
    }

    Page reader() {
        return reader(english());
    }

    /** Creates a share link to a task and returns it. */
    String shareLink(String task) {
        Page page = reader();
        String link = TaskPage.open(page, task).createLink();
        page.close();
        return link;
    }

    /** Sets the size of the window, and waits until the page is drawn in it. */
    static void resize(Page page, int width, int height) {
        page.setViewportSize(width, height);
        page.evaluate("new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))");
    }

    /** Asserts that axe-core finds no violation of its accessibility rules. */
    static void assertAccessible(Page page, String what, String... exceptRules) {
        AxeRunOptions options = new AxeRunOptions();
        options.setResultTypes(List.of("violations")); // reporting passed rules is slower than checking them
        AxeBuilder axe = new AxeBuilder(page)
                .options(options)
                .withTags(AXE_RULES)
                .setLegacyMode(true); // avoids a second page for frames, which these pages do not have
        if (exceptRules.length > 0) {
            axe.disableRules(List.of(exceptRules));
        }
        List<String> violations = axe.analyze().getViolations().stream()
                .flatMap(rule -> rule.getNodes().stream()
                        .map(node -> rule.getId() + " " + node.getTarget() + " " + node.getHtml() + " "
                                + node.getFailureSummary()))
                .toList();
        assertThat(violations).as(what).isEmpty();
    }

    static Browser.NewContextOptions english() {
        return new Browser.NewContextOptions()
                .setLocale("en-GB")
                .setTimezoneId("Asia/Shanghai")
                .setViewportSize(1280, 900)
                .setReducedMotion(ReducedMotion.REDUCE);
    }
}
