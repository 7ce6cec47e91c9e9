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

    private TaskPage opened(String more) throws Exception {
        SentRun sent = SentRun.of(cloud(), Map.of("name", "a password"))
                .doing(Map.of("action", "Back"), open)
                .doing(Map.of("action", "Back"), secret)
                .doing(Map.of("action", "Back"), other)
                .ended("succeeded")
                .sent();
        Page page = reader();
        page.onRequest(request -> asked.add(request.url()));
        return TaskPage.open(page, sent.task(), more);
    }

    private boolean wasFetched(Picture picture) {
        return asked.stream()
                .anyMatch(url ->
                        url.contains(Picture.hash(picture.webp())) || url.contains(Picture.hash(picture.thumbnail())));
    }

    @Test
    void sensitiveFrame_isNotFetched_untilTheUserRequestsIt() throws Exception {
        TaskPage task = opened("").awaitPicture("before", 1);

        task.button("Difference").click();
        Locator difference = task.page().locator("st-difference");
        assertThat(difference).containsText("This screenshot may show private data.");
        assertThat(difference.locator("canvas")).hasCount(0);
        task.button("Before").click();
        task.download("webp");
        task.press("Escape");
        task.press("ArrowRight");
        task.awaitStep(2);
        assertThat(task.stage()).hasAttribute("state", "veiled");
        assertThat(task.stage().getByRole(AriaRole.STATUS)).containsText("This screenshot may show private data.");
        assertThat(task.thumbnail(1).locator("canvas")).isVisible();
        assertThat(task.page().getByLabel("Step 2: Go back (Sensitive screenshot)"))
                .isVisible();
        assertThat(task.filmStrip().locator(".empty svg")).hasCount(2);
        assertThat(task.filmStrip().locator("canvas")).hasCount(1);
        assertThat(wasFetched(open)).isTrue();
        assertThat(wasFetched(secret) || wasFetched(other)).isFalse();

        task.stage().getByText("Show screenshot").click();

        task.awaitPicture("before", 2);
        assertThat(task.canvas()).isFocused(); // focus moves from the removed button
        assertThat(wasFetched(secret)).isTrue();
        task.press("ArrowRight");
        task.awaitStep(3);
        assertThat(task.stage()).hasAttribute("state", "veiled");
        assertThat(wasFetched(other)).isFalse();
    }

    @Test
    void allSensitiveFrames_canBeShownAtOnce_untilThePageReloads() throws Exception {
        TaskPage task = opened("#step=2").awaitStep(2);

        task.stage().getByText("Show all sensitive screenshots").click();

        task.awaitPicture("before", 2);
        task.press("ArrowRight");
        task.awaitPicture("before", 3);
        assertThat(task.filmStrip().locator("canvas")).hasCount(3);
        task.page().waitForURL("**#step=3");
        task.page().reload();
        task.awaitStep(3);
        assertThat(task.stage()).hasAttribute("state", "veiled");
    }

    @Test
    void frameUnveiledInTheDifference_isUnveiledEverywhere() throws Exception {
        TaskPage task = opened("#step=3");
        assertThat(task.stage()).hasAttribute("state", "veiled");
        task.button("Difference").click();
        Locator difference = task.page().locator("st-difference");

        difference.getByText("Show screenshot").click();

        assertThat(difference.locator(".summary")).containsText("before step 2 → before step 3. ");
        assertThat(difference.getByText("Show screenshot")).hasCount(0);
        assertThat(difference.locator("input")).isFocused();
        assertThat(task.thumbnail(3).locator("canvas")).isVisible();
        task.button("Before").click();
        task.awaitPicture("before", 3);
        task.press("ArrowLeft");
        task.awaitPicture("before", 2);
    }
}
