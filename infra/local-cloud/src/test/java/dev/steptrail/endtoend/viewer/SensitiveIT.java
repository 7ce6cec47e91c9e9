package dev.steptrail.endtoend.viewer;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import java.awt.Color;
import java.awt.Rectangle;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Screenshots that are marked as sensitive. */
class SensitiveIT extends BrowserTest {
    private final Picture open = Picture.of(Color.BLUE, new Rectangle(20, 20, 50, 50));
    private final Picture secret =
            Picture.of(Color.RED, new Rectangle(40, 20, 50, 50)).sensitive();
    private final Picture other =
            Picture.of(Color.PINK, new Rectangle(60, 20, 50, 50)).sensitive();
    private final List<String> asked = new ArrayList<>();

    private RunPage opened() throws Exception {
        return opened("").awaitPicture("before", 1);
    }

    private RunPage opened(String more) throws Exception {
        SentRun sent = SentRun.of(cloud(), Map.of("name", "a password"))
                .doing(Map.of("action", "Back"), open)
                .doing(Map.of("action", "Back"), secret)
                .doing(Map.of("action", "Back"), other)
                .ended("succeeded")
                .sent();
        Page page = reader();
        page.onRequest(request -> asked.add(request.url()));
        return RunPage.open(page, sent.task(), more);
    }

    private boolean wasFetched(Picture picture) {
        return asked.stream()
                .anyMatch(url ->
                        url.contains(Picture.hash(picture.webp())) || url.contains(Picture.hash(picture.thumbnail())));
    }

    @Test
    void sensitiveFrame_isNotFetched_untilTheUserRequestsIt() throws Exception {
        RunPage run = opened();

        run.press("ArrowRight");
        run.awaitStep(2);
        assertThat(run.stage()).hasAttribute("data-state", "veiled");
        assertThat(run.stage().getByRole(AriaRole.STATUS)).containsText("This picture may show something private.");
        assertThat(run.stage()).containsText("Only pictures are veiled");
        assertThat(run.page().locator(".strip li[data-index='0'] canvas")).isVisible();
        assertThat(run.page().getByLabel("Step 2: Back (veiled)")).isVisible();
        assertThat(run.page().locator(".strip .blank svg")).hasCount(2);
        assertThat(run.page().locator(".strip canvas")).hasCount(1);
        assertThat(wasFetched(open)).isTrue();
        assertThat(wasFetched(secret) || wasFetched(other)).isFalse();

        run.stage().getByText("Show it").click();

        run.awaitPicture("before", 2);
        assertThat(run.canvas()).isFocused(); // focus moves from the removed button
        assertThat(wasFetched(secret)).isTrue();
        run.press("ArrowRight");
        run.awaitStep(3);
        assertThat(run.stage()).hasAttribute("data-state", "veiled");
        assertThat(wasFetched(other)).isFalse();
    }

    @Test
    void allSensitiveFrames_canBeShownAtOnce_untilThePageReloads() throws Exception {
        RunPage run = opened();
        run.press("ArrowRight");

        run.stage().getByText("Show all such pictures of this run").click();

        run.awaitPicture("before", 2);
        run.press("ArrowRight");
        run.awaitPicture("before", 3);
        assertThat(run.page().locator(".strip canvas")).hasCount(3);
        run.page().waitForURL("**#step=3");
        run.page().reload();
        run.awaitStep(3);
        assertThat(run.stage()).hasAttribute("data-state", "veiled");
    }

    @Test
    void difference_andReplay_omitSensitiveFrames() throws Exception {
        RunPage run = opened();

        run.fold("What changed").locator("summary").click();
        assertThat(run.fold("What changed")).containsText("This picture may show something private.");
        assertThat(run.fold("What changed").locator("canvas")).hasCount(0);
        run.page().waitForDownload(() -> run.page().locator("[data-form=webp]").click());

        assertThat(wasFetched(secret) || wasFetched(other)).isFalse();
    }

    @Test
    void frameUnveiledInTheDifference_isUnveiledEverywhere() throws Exception {
        RunPage run = opened("#step=3");
        assertThat(run.stage()).hasAttribute("data-state", "veiled");
        Locator changed = run.fold("What changed");
        changed.locator("summary").click();

        changed.getByText("Show it").click();

        run.awaitPicture("before", 3);
        assertThat(run.page().locator(".strip li[data-index='2'] canvas")).isVisible();
        assertThat(changed.locator("summary")).isFocused();
        assertThat(changed.getByText("Show it")).hasCount(0);
        run.press("ArrowLeft");
        run.awaitStep(2);
        run.stage().getByText("Show it").click();
        run.awaitPicture("before", 2);
        assertThat(changed.locator("[role=status]")).containsText("of the screen differs");
    }
}
