package dev.steptrail.endtoend.viewer;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import java.awt.Color;
import java.awt.Rectangle;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Plays back a task of 28 steps, of which step 20 failed. */
class PlaybackIT extends BrowserTest {
    private static final int LAST_STEP_NUMBER = Integer.MAX_VALUE;

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
        task.page().keyboard().down("k");
        task.page().keyboard().down("k"); // auto-repeat of the held key
        task.page().keyboard().up("k");
        assertThat(task.button("Pause")).isVisible();
        dispatch(task, "{ key: 'K' }"); // Caps Lock is on
        assertThat(task.button("Play")).isVisible();
        dispatch(task, "{ key: ']', ctrlKey: true, altKey: true, modifierAltGraph: true }");
        assertThat(task.speed()).hasValue("1");
        dispatch(task, "{ key: ']', ctrlKey: true }");
        dispatch(task, "{ key: 'e', altKey: true }");
        assertThat(task.speed()).hasValue("1");
    }

    private static void dispatch(TaskPage task, String event) {
        task.page()
                .evaluate(
                        "(event) => document.body.dispatchEvent(new KeyboardEvent('keydown', { bubbles: true, ...event }))",
                        task.page().evaluate("() => (" + event + ")"));
    }

    @Test
    void homeAndEnd_moveOnlyInTheListTheStripAndTheTimeline() {
        TaskPage task = open("#step=5").awaitPicture("before", 5);
        task.page().evaluate("addEventListener('keydown', (event) => { window.isTaken = event.defaultPrevented; })");

        for (String key : List.of("Home", "End")) {
            task.press(key);
            assertThat(task.page().evaluate("window.isTaken")).as(key).isEqualTo(false);
        }
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
    void keysInADialogOrAMenu_doNotActOnTheTask() {
        TaskPage task = open("#step=1").awaitPicture("before", 1);

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
        assertThat(task.verdict("Pass")).hasAttribute("aria-pressed", "false");
        assertThat(task.verdict("Fail")).hasAttribute("aria-pressed", "false");
        task.awaitStep(1);
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
        assertThat(task.tab("step")).containsText("App not found: 专业相机");
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
    void keysTypedIntoAField_areText() {
        TaskPage task = open("#step=5").awaitPicture("before", 5);

        task.press("/");
        assertThat(task.search()).isFocused();
        task.page().keyboard().type("pe f");
        task.press("Home");

        assertThat(task.search()).hasValue("pe f");
        task.awaitStep(5);
        task.page().locator("h1").click(); // outside of a field, keys control the playback
        task.press("ArrowRight");
        task.awaitStep(6);
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
    void playback_runsAtTheSelectedSpeed_untilItIsPaused() throws Exception {
        Picture picture = Picture.of(Color.DARK_GRAY, new Rectangle(20, 20, 50, 50));
        SentRun sent = SentRun.of(cloud(), Map.of("name", "a second a step"));
        for (int step = 0; step < 12; step++) {
            sent.step(Map.of("duration_ms", 1000), picture);
        }
        sent.ended("succeeded").sent();
        Page page = reader();
        page.clock().install();
        TaskPage task = TaskPage.open(page, sent.task()).awaitPicture("before", 1);
        page.clock().pauseAt(System.currentTimeMillis() + 3_600_000);

        task.button("Play").click();
        for (int speed = 0; speed < 4; speed++) {
            task.speed().selectOption(List.of("0.5", "1", "2", "4").get(speed));
            task.step(1).click();
            task.awaitStep(1);
            page.clock().runFor((2000 >> speed) - 1);
            task.awaitStep(1);
            page.clock().runFor(1);
            task.awaitStep(2);
        }
        task.button("Pause").click();
        page.clock().runFor(60_000);
        task.awaitStep(2);
        task.button("Play").click();
        for (int step = 3; step <= 12; step++) {
            page.clock().runFor(250);
            task.awaitStep(step);
        }
        page.clock().runFor(250);
        assertThat(task.button("Play")).isVisible(); // playback has reached the end
        task.button("Play").click();
        task.awaitStep(1);
    }

    @Test
    void linkToALateStep_opensIt_andItStaysWhenEarlierStepsLoad() throws Exception {
        Picture picture = Picture.of(Color.DARK_GRAY, new Rectangle(20, 20, 50, 50));
        SentRun sent = SentRun.of(cloud(), Map.of("name", "a long one"));
        for (int step = 0; step < 70; step++) {
            sent.step(Map.of(), picture);
        }
        sent.ended("succeeded").sent();

        TaskPage task = TaskPage.open(reader(), sent.task(), "#step=68").awaitPicture("before", 68);

        assertThat(task.position()).hasText("68 / 70");
        assertThat(task.step(68)).hasAttribute("aria-selected", "true");
        assertThat(task.step(68)).isInViewport();
        assertThat(task.thumbnail(68)).isInViewport();
        task.press("ArrowRight");
        task.press("ArrowRight");
        task.awaitStep(70);
        task.button("Difference").click();
        assertThat(task.page().locator("st-difference .summary"))
                .hasText("before step 69 → before step 70. The two screenshots look the same.");
    }

    @Test
    void beforeAndAfter_areBothShown() {
        TaskPage task = TaskPage.open(reader(), ViewerCloud.demo()).awaitPicture("before", 1);

        task.press("b");
        task.awaitPicture("after", 1);
        assertThat(task.button("After")).hasAttribute("aria-pressed", "true");
        task.button("Before").click();
        task.awaitPicture("before", 1);
        assertThat(task.button("Before")).hasAttribute("aria-pressed", "true");
    }

    @Test
    void everyPictureOfAStep_canBeSelected_evenASecondOneOfARole() throws Exception {
        Picture screen = Picture.of(Color.GRAY, new Rectangle(40, 80, 80, 40));
        String sent = SentRun.of(cloud(), Map.of("name", "three pictures"))
                .step(
                        Map.of(),
                        screen,
                        Picture.of(Color.RED, new Rectangle(0, 0, 20, 20)).as("other"),
                        Picture.of(Color.BLUE, new Rectangle(0, 0, 20, 20)).as("other"))
                .ended("succeeded")
                .sent()
                .task();
        TaskPage task = TaskPage.open(reader(), sent).awaitPicture("before", 1);

        task.press("b");
        task.awaitPicture("other", 1);
        assertThat(task.button("Other")).hasAttribute("aria-pressed", "true");
        task.press("b");
        task.awaitPicture("other2", 1);
        assertThat(task.button("Other 2")).hasAttribute("aria-pressed", "true");
        task.button("Other").click();
        task.awaitPicture("other", 1);
        task.press("b");
        task.press("b");
        assertThat(task.button("Difference")).hasAttribute("aria-pressed", "true");
        task.press("b");
        task.awaitPicture("before", 1);
    }

    @Test
    void displayedPicture_isTheStoredOne() {
        TaskPage task = open("#step=22").awaitPicture("before", 22);

        Object drawn = task.canvas()
                .evaluate(
                        "(canvas) => [...canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data]"
                                + ".filter((value, index, all) => index % 4 === 0 && value !== all[0]).length");
        assertThat(((Number) drawn).intValue()).as("differing pixels").isGreaterThan(1000);
        assertThat(task.thumbnail(22).locator("canvas")).isVisible();
        assertThat(task.canvas()).hasAttribute("aria-label", "Before step 22: Open 相机");
    }

    @Test
    void linkPastTheEnd_opensTheLastStep() {
        faults.expect("404"); // the page requests its picture before it knows that the step does not exist
        TaskPage task = open("#step=60").awaitPicture("before", 28);

        assertThat(task.position()).hasText("28 / 28");
    }

    @Test
    void lastValidStepNumber_isShownLikeAnyOther() throws Exception {
        Picture screen = Picture.of(Color.GRAY, new Rectangle(40, 80, 80, 40));
        String sent = SentRun.of(cloud(), Map.of("name", "the last number"))
                .doing(Map.of("action", "Back"), screen)
                .step(Map.of("step_number", LAST_STEP_NUMBER, "action", Map.of("action", "Home")), screen)
                .ended("succeeded", Map.of("last_step_number", LAST_STEP_NUMBER))
                .sent()
                .task();

        TaskPage task =
                TaskPage.open(reader(), sent, "#step=" + LAST_STEP_NUMBER).awaitPicture("before", LAST_STEP_NUMBER);

        assertThat(task.position()).hasText("2 / 2");
        assertThat(task.step(LAST_STEP_NUMBER)).hasAttribute("aria-selected", "true");
        assertThat(task.step(LAST_STEP_NUMBER)).containsText("Go to the home screen");
        assertThat(task.filmStrip().locator("[aria-current]")).isInViewport();
        task.press("ArrowLeft");
        task.awaitPicture("before", 1);
        task.press("ArrowRight");
        task.page().waitForURL("**#step=" + LAST_STEP_NUMBER);
        task.button("Difference").click();
        assertThat(task.page().locator("st-difference .summary")).containsText("look the same");
    }
}
