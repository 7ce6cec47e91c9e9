package dev.steptrail.endtoend.viewer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

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
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Base of the tests of the viewer in a browser. Each test fails if a page causes unexpected {@link Faults}. */
@ResourceLock(value = Chromium.LOCK, mode = ResourceAccessMode.READ)
abstract class BrowserTest {
    /** Whether to test pages in all languages, themes and widths. */
    static final boolean ALL_VARIANTS = Boolean.getBoolean("steptrail.all-variants");

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

    static Browser.NewContextOptions english() {
        return new Browser.NewContextOptions()
                .setLocale("en-GB")
                .setTimezoneId("Asia/Shanghai")
                .setViewportSize(1280, 900)
                .setReducedMotion(ReducedMotion.REDUCE);
    }
}
