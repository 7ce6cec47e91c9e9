package dev.steptrail.endtoend.viewer;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import java.awt.Color;
import java.awt.Rectangle;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Plays back a run of 28 steps, of which step 20 failed. */
class PlaybackIT extends BrowserTest {
    private RunPage open(String more) {
        return RunPage.open(reader(), ViewerCloud.sample("flower-photo-loop"), more);
    }

    @Test
    void keys_navigateTheRun() {
        RunPage run = open("").awaitPicture("before", 1);

        run.press("ArrowRight");
        run.awaitPicture("before", 2);
        run.press("End");
        run.awaitPicture("before", 28);
        run.press("ArrowLeft");
        run.awaitPicture("before", 27);
        run.press("Home");
        run.awaitPicture("before", 1);
        run.press("e");
        run.awaitPicture("before", 20);
        run.press("]");
        assertThat(run.player().getByLabel("Speed")).hasValue("2");
        run.press("[");
        run.press("[");
        assertThat(run.player().getByLabel("Speed")).hasValue("0.5");
        run.press("k");
        assertThat(run.button("Pause")).isVisible();
        run.press(" ");
        assertThat(run.button("Play")).isVisible();
        run.page().keyboard().down("k");
        run.page().keyboard().down("k"); // auto-repeat of the held key
        run.page().keyboard().up("k");
        assertThat(run.button("Pause")).isVisible();
        pressed(run, "{ key: 'K' }"); // Caps Lock is on
        assertThat(run.button("Play")).isVisible();
        pressed(run, "{ key: ']', ctrlKey: true, altKey: true, modifierAltGraph: true }");
        assertThat(run.player().getByLabel("Speed")).hasValue("1");
        pressed(run, "{ key: ']', ctrlKey: true }");
        pressed(run, "{ key: 'e', altKey: true }");
        assertThat(run.player().getByLabel("Speed")).hasValue("1");
    }

    private static void pressed(RunPage run, String event) {
        run.page()
                .evaluate(
                        "(event) => document.body.dispatchEvent(new KeyboardEvent('keydown', { bubbles: true, ...event }))",
                        run.page().evaluate("() => (" + event + ")"));
    }

    @Test
    void buttons_stripAndScrub_doTheSame() {
        RunPage run = open("").awaitPicture("before", 1);

        run.button("Step forward").click();
        run.awaitPicture("before", 2);
        run.button("Step back").click();
        run.awaitPicture("before", 1);
        run.button("Next failure").click();
        run.awaitPicture("before", 20);
        assertThat(run.page().locator("figcaption")).containsText("App not found: 专业相机");
        run.page().locator(".strip li[data-index='20'] button").click();
        run.awaitPicture("before", 21);
        run.scrub().fill("6");
        run.awaitPicture("before", 7);
        assertThat(run.scrub()).hasAttribute("aria-valuetext", "Step 7, 7 of 28");
        run.step(3).locator("h3 button").click();
        run.awaitPicture("before", 3);
        assertThat(run.page().locator(".strip [aria-current]")).hasText("3");
    }

    @Test
    void keysTypedIntoAField_areText() {
        RunPage run = open("#step=5").awaitPicture("before", 5);

        run.search().focus();
        run.page().keyboard().type("be e");
        run.press("Home");

        assertThat(run.search()).hasValue("be e");
        run.awaitStep(5);
        run.page().locator("h1").click(); // outside of a field, keys control the player
        run.press("ArrowRight");
        run.awaitStep(6);
    }

    @Test
    void deepLink_opensItsStep_andTheUrlFollowsTheStep() {
        RunPage run = open("#step=17").awaitPicture("before", 17);

        run.press("ArrowRight");
        run.page().waitForURL(Pattern.compile(".*#step=18$"));
        run.page().reload();
        run.awaitPicture("before", 18);
        run.page().evaluate("location.hash = 'step=4'");
        run.awaitPicture("before", 4);
    }

    @Test
    void fullScreen_showsOnlyThePlayer_andIsToggledByTheSameKey() {
        RunPage run = open("").awaitPicture("before", 1);

        run.press("f");
        run.page().locator(".player:fullscreen").waitFor();
        assertThat(run.canvas()).isVisible();
        run.press("ArrowRight");
        run.awaitPicture("before", 2);
        run.press("f");
        run.page().locator(".player:not(:fullscreen)").waitFor();
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
        RunPage run = RunPage.open(page, sent.task()).awaitPicture("before", 1);
        page.clock().pauseAt(System.currentTimeMillis() + 3_600_000);

        run.button("Play").click();
        for (int speed = 0; speed < 4; speed++) {
            run.player()
                    .getByLabel("Speed")
                    .selectOption(List.of("0.5", "1", "2", "4").get(speed));
            run.scrub().fill("0");
            run.awaitStep(1);
            page.clock().runFor((2000 >> speed) - 1);
            run.awaitStep(1);
            page.clock().runFor(1);
            run.awaitStep(2);
        }
        run.button("Pause").click();
        page.clock().runFor(60_000);
        run.awaitStep(2);
        run.button("Play").click();
        for (int step = 3; step <= 12; step++) {
            page.clock().runFor(250);
            run.awaitStep(step);
        }
        page.clock().runFor(250);
        assertThat(run.button("Play")).isVisible(); // playback has reached the end
        run.button("Play").click();
        run.awaitStep(1);
    }

    @Test
    void linkToALateStep_opensIt_andItStaysWhenEarlierStepsLoad() throws Exception {
        Picture picture = Picture.of(Color.DARK_GRAY, new Rectangle(20, 20, 50, 50));
        SentRun sent = SentRun.of(cloud(), Map.of("name", "a long one"));
        for (int step = 0; step < 70; step++) {
            sent.step(Map.of(), picture);
        }
        sent.ended("succeeded").sent();

        RunPage run = RunPage.open(reader(), sent.task(), "#step=68").awaitPicture("before", 68);

        assertThat(run.position()).hasText("Step 68, 68 of 70");
        assertThat(run.step(68)).hasAttribute("aria-current", "step");
        assertThat(run.step(68)).isInViewport(); // in the list next to the player
        run.press("ArrowRight");
        run.awaitStep(69);
        Locator fold = run.fold("What changed");
        fold.locator("summary").click();
        assertThat(fold.locator("[role=status]")).hasText("At this size the two screens are the same.");
        assertThat(fold.getByLabel("To").last().locator("option:checked")).hasText("Screen before step 70");
    }

    @Test
    void beforeAndAfter_areBothShown() {
        RunPage run = RunPage.open(reader(), ViewerCloud.demo()).awaitPicture("before", 1);

        run.press("b");
        run.awaitPicture("after", 1);
        assertThat(run.button("After")).hasAttribute("aria-pressed", "true");
        run.button("Before").click();
        run.awaitPicture("before", 1);
        assertThat(run.button("Before")).hasAttribute("aria-pressed", "true");
    }

    @Test
    void everyPictureOfAStep_canBeSelected_evenASecondOneOfARole() throws Exception {
        Picture screen = Picture.of(Color.GRAY, new Rectangle(40, 80, 80, 40));
        String task = SentRun.of(cloud(), Map.of("name", "three pictures"))
                .step(
                        Map.of(),
                        screen,
                        Picture.of(Color.RED, new Rectangle(0, 0, 20, 20)).as("other"),
                        Picture.of(Color.BLUE, new Rectangle(0, 0, 20, 20)).as("other"))
                .ended("succeeded")
                .sent()
                .task();
        RunPage run = RunPage.open(reader(), task).awaitPicture("before", 1);

        run.press("b");
        run.awaitPicture("beside", 1);
        assertThat(run.button("Other")).hasAttribute("aria-pressed", "true");
        run.press("b");
        run.awaitPicture("beside 2", 1);
        assertThat(run.button("Other 2")).hasAttribute("aria-pressed", "true");
        run.button("Other").click();
        run.awaitPicture("beside", 1);
        run.press("b");
        run.press("b");
        run.awaitPicture("before", 1);
    }

    @Test
    void displayedPicture_isTheStoredOne() {
        RunPage run = open("#step=22").awaitPicture("before", 22);

        Object drawn = run.canvas()
                .evaluate(
                        "(canvas) => [...canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data]"
                                + ".filter((value, index, all) => index % 4 === 0 && value !== all[0]).length");
        assertThat(((Number) drawn).intValue()).as("differing pixels").isGreaterThan(1000);
        assertThat(run.page().locator(".strip li[data-index='21'] canvas")).isVisible();
        assertThat(run.canvas()).hasAttribute("aria-label", Pattern.compile("Screen before step 22\\. Open app 相机"));
    }

    @Test
    void linkPastTheEnd_opensTheLastStep() {
        faults.expect("404"); // the page requests its picture before it knows that the step does not exist
        RunPage run = open("#step=60").awaitPicture("before", 28);

        assertThat(run.page().getByText("This run has no steps")).hasCount(0);
    }
}
