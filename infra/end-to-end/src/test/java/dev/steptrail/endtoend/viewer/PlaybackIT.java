package dev.steptrail.endtoend.viewer;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Plays back a task of 28 steps, of which step 20 failed. */
class PlaybackIT extends BrowserTest {
    private TaskPage open(String more) {
        return TaskPage.open(reader(), ViewerCloud.sample("flower-photo-loop"), more);
    }

    @Test
    void keys_controlThePlayback() {
        TaskPage task = open("#step=1").awaitPicture("before", 1);

        task.press("ArrowRight");
        task.awaitPicture("before", 2);
        task.press("l");
        task.awaitPicture("before", 3);
        task.press("ArrowLeft");
        task.press("j");
        task.awaitPicture("before", 1);
        task.press("e");
        task.awaitPicture("before", 20);
        task.press("]");
        assertThat(task.speed()).hasValue("2");
        task.press("[");
        task.press("[");
        assertThat(task.speed()).hasValue("0.5");
        task.press("k");
        assertThat(task.button("Pause")).isVisible();
        task.press(" ");
        assertThat(task.button("Play")).isVisible();
    }

    @Test
    void homeAndEnd_moveOnlyInTheListTheStripAndTheTimeline() {
        TaskPage task = open("#step=5").awaitPicture("before", 5);

        task.press("Home");
        task.press("End");
        task.awaitStep(5);
        task.timeline().press("End");
        task.awaitPicture("before", 28);
        task.filmStrip().press("Home");
        task.awaitPicture("before", 1);
        task.page().locator("st-step-list [role=listbox]").press("End");
        task.awaitPicture("before", 28);
        assertThat(task.step(28)).isInViewport();
    }

    @Test
    void keysInAFieldADialogOrAMenu_doNotActOnTheTask() {
        TaskPage task = open("#step=5").awaitPicture("before", 5);

        task.press("/");
        task.page().keyboard().type("pe f");
        task.press("Home");
        assertThat(task.search()).hasValue("pe f");
        task.page().locator("h1").click();
        task.share().locator("h2").click();
        task.press("p");
        task.press("ArrowRight");
        task.press("Escape");
        assertThat(task.page().locator("st-share-dialog dialog")).isHidden();
        task.bar().getByLabel("More").click();
        task.page().locator("wa-dropdown-item[value=compare]").waitFor();
        task.press("f");
        task.press("Escape");

        assertThat(task.page().locator("wa-dropdown-item[value=compare]")).isHidden();
        assertThat(task.page().locator("st-verdict-bar")).hasCount(0);
        assertThat(task.bar().locator("[aria-pressed=true]")).hasCount(0);
        task.awaitStep(5);
        task.press("ArrowRight");
        task.awaitStep(6);
    }

    @Test
    void buttons_stripTimelineAndList_doTheSame() {
        TaskPage task = open("#step=1").awaitPicture("before", 1);

        task.button("Next step").click();
        task.awaitPicture("before", 2);
        task.button("Previous step").click();
        task.awaitPicture("before", 1);
        task.button("Next failed step").click();
        task.awaitPicture("before", 20);
        task.thumbnail(21).click();
        task.awaitPicture("before", 21);
        task.button("First step").click();
        task.awaitPicture("before", 1);
        task.timeline().press("PageUp");
        task.awaitPicture("before", 11);
        assertThat(task.timeline()).hasAttribute("aria-valuetext", Pattern.compile("^Step 11, .+ after the start$"));
        task.button("Last step").click();
        task.awaitPicture("before", 28);
        assertThat(task.button("Next step")).isDisabled();
        task.button("First step").click();
        task.step(3).click();
        task.awaitPicture("before", 3);
        assertThat(task.filmStrip().locator("[aria-current]")).hasText("3");
    }

    @Test
    void deepLink_opensItsStepAndTab_andTheAddressFollowsTheStep() {
        TaskPage task = open("#step=17&tab=json").awaitPicture("before", 17);
        assertThat(task.page().locator("st-json-tab")).containsText("\"step_number\": 17");

        task.press("ArrowRight");
        task.page().waitForURL(Pattern.compile(".*#step=18&tab=json$"));
        task.page().reload();
        task.awaitPicture("before", 18);
        task.page().evaluate("location.hash = 'step=4'");
        task.awaitPicture("before", 4);
    }

    @Test
    void address_keepsItsStepWhileThePageLoads() {
        Page page = reader();
        List<Route> held = new ArrayList<>();
        page.route("**/steps?*", held::add);
        String address = "/tasks/" + ViewerCloud.sample("flower-photo-loop") + "#step=17";

        page.waitForResponse("**/report", () -> page.navigate(address));
        page.waitForTimeout(400); // longer than the page delays changes of the address

        assertThat(page.url()).endsWith("#step=17");
        held.forEach(Route::resume);
        new TaskPage(page).awaitPicture("before", 17);
    }

    @Test
    void fullScreen_showsOnlyTheScreenAndTheControls_andIsToggledByTheSameKey() {
        TaskPage task = open("#step=1").awaitPicture("before", 1);

        task.press("Shift+F");
        task.page().locator(".middle:fullscreen").waitFor();
        assertThat(task.canvas()).isVisible();
        assertThat(task.button("Play")).isInViewport();
        task.press("ArrowRight");
        task.awaitPicture("before", 2);
        task.press("Shift+F");
        task.page().locator(".middle:not(:fullscreen)").waitFor();
    }

    @Test
    void playback_runsAtTheSelectedSpeed_untilItIsPausedOrAtTheEnd() throws Exception {
        SentRun sent = SentRun.of(cloud(), Map.of("name", "a second a step"));
        for (int step = 0; step < 4; step++) {
            sent.step(Map.of("duration_ms", 1000), Picture.SCREEN);
        }
        sent.ended("succeeded").sent();
        Page page = reader();
        page.clock().install();
        TaskPage task = TaskPage.open(page, sent.task()).awaitPicture("before", 1);
        page.clock().pauseAt(System.currentTimeMillis() + 3_600_000);

        task.speed().selectOption("0.5");
        task.button("Play").click();
        page.clock().runFor(1999);
        task.awaitStep(1);
        page.clock().runFor(1);
        task.awaitStep(2);
        task.button("Pause").click();
        page.clock().runFor(60_000);
        task.awaitStep(2);
        task.speed().selectOption("4");
        task.button("Play").click();
        for (int step = 3; step <= 4; step++) {
            page.clock().runFor(250);
            task.awaitStep(step);
        }
        page.clock().runFor(250);
        assertThat(task.button("Play")).isVisible();
    }

    @Test
    void everyPictureOfAStep_canBeSelected_evenASecondOneOfARole() throws Exception {
        String sent = SentRun.of(cloud(), Map.of("name", "four pictures"))
                .step(
                        Map.of(),
                        Picture.SCREEN,
                        Picture.SCREEN.as("after"),
                        Picture.SCREEN.as("other"),
                        Picture.SCREEN.as("other"))
                .ended("succeeded")
                .sent()
                .task();
        TaskPage task = TaskPage.open(reader(), sent).awaitPicture("before", 1);

        Map<String, String> views = Map.of("after", "After", "other", "Other", "other2", "Other 2");
        for (String view : List.of("after", "other", "other2")) {
            task.press("b");
            task.awaitPicture(view, 1);
            assertThat(task.button(views.get(view))).hasAttribute("aria-pressed", "true");
        }
        task.button("Other").click();
        task.awaitPicture("other", 1);
        task.press("b");
        task.press("b");
        assertThat(task.button("Difference")).hasAttribute("aria-pressed", "true");
        task.press("b");
        task.awaitPicture("before", 1);
    }

    @Test
    void linkToALateStep_opensIt_andItStaysWhenEarlierStepsLoad() throws Exception {
        int last = Integer.MAX_VALUE; // the last valid step number
        SentRun sent = SentRun.of(cloud(), Map.of("name", "a long one"));
        for (int step = 0; step < 69; step++) {
            sent.step(Map.of(), Picture.SCREEN);
        }
        sent.step(Map.of("step_number", last, "action", Map.of("action", "Home")), Picture.SCREEN)
                .ended("succeeded", Map.of("last_step_number", last))
                .sent();

        TaskPage task = TaskPage.open(reader(), sent.task(), "#step=" + last).awaitPicture("before", last);

        assertThat(task.position()).hasText("70 / 70");
        assertThat(task.step(last)).hasAttribute("aria-selected", "true");
        assertThat(task.step(last)).isInViewport();
        assertThat(task.step(last)).containsText("Go to the home screen");
        assertThat(task.filmStrip().locator("[aria-current]")).isInViewport();
        task.press("ArrowLeft");
        task.awaitPicture("before", 69);
        task.press("ArrowRight");
        task.page().waitForURL("**#step=" + last);
        task.button("Difference").click();
        assertThat(task.page().locator("st-difference .summary")).containsText("look the same");
    }
}
