package dev.steptrail.endtoend.viewer;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import dev.steptrail.endtoend.Waiting;
import java.awt.Color;
import java.awt.Rectangle;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** Watches a task while it is running. */
class LiveIT extends BrowserTest {
    private final Picture screen = Picture.of(Color.GRAY, new Rectangle(40, 80, 80, 40));
    private final List<Integer> statuses = new CopyOnWriteArrayList<>();

    private SentRun startedRun() throws Exception {
        return step(step(SentRun.of(cloud(), Map.of("name", "live")))).sent();
    }

    private SentRun step(SentRun run) {
        return run.doing(Map.of("action", "Tap", "element", List.of(500, 500)), screen);
    }

    private RunPage opened(SentRun run) {
        return opened(run, "");
    }

    private RunPage opened(SentRun run, String more) {
        Page page = reader();
        page.clock().install();
        page.onResponse(response -> {
            if (response.url().endsWith("/api/tasks/" + run.task())) {
                statuses.add(response.status());
            }
        });
        return RunPage.open(page, run.task(), more).awaitPicture("before", 2);
    }

    /** Sends the new records, and makes the page poll immediately. */
    private static void sent(SentRun run, RunPage page) throws Exception {
        run.sent();
        pollNow(page);
    }

    private static void pollNow(RunPage page) {
        page.page().clock().fastForward(2000);
    }

    @Test
    void runningTask_isUpdated_andFollowsTheNewestStep_untilItEnds() throws Exception {
        SentRun run = startedRun();
        RunPage page = opened(run);
        assertThat(page.page().locator(".ending .live")).isVisible();
        assertThat(page.player().getByLabel("Follow the newest step")).isChecked();

        Waiting.until("a poll had nothing new", () -> {
            pollNow(page);
            page.page().waitForTimeout(100); // time for the page's events to arrive
            return statuses.contains(304);
        });
        sent(step(run), page);
        page.awaitPicture("before", 3);
        assertThat(page.page().locator(".numbers")).containsText("3 steps");
        assertThat(page.steps()).hasCount(3);

        sent(step(run).ended("succeeded"), page);
        page.awaitPicture("before", 4);
        assertThat(page.page().locator(".ending .badge.succeeded")).isVisible();
        assertThat(page.page().locator(".ending .live")).hasCount(0);
    }

    @Test
    void selectingAnEarlierStep_stopsFollowing_andFollowingCanBeResumed() throws Exception {
        SentRun run = startedRun();
        RunPage page = opened(run);

        page.press("Home");
        sent(step(run), page);
        assertThat(page.position()).hasText("Step 1, 1 of 3");
        assertThat(page.player().getByLabel("Follow the newest step")).not().isChecked();
        page.player().getByLabel("Follow the newest step").check();
        page.awaitPicture("before", 3);
        sent(step(run), page);
        page.awaitPicture("before", 4);
    }

    @Test
    void lostConnection_isReported_andThePageCatchesUp() throws Exception {
        faults.expect("ERR_INTERNET_DISCONNECTED");
        SentRun run = startedRun();
        RunPage page = opened(run);
        Locator offline = page.page().getByText("The connection is lost; trying again…");

        page.page().context().setOffline(true);
        pollNow(page);
        assertThat(offline).isVisible(patient());
        step(step(run)).sent();
        page.page().context().setOffline(false);
        pollNow(page);

        assertThat(offline).isHidden(new LocatorAssertions.IsHiddenOptions().setTimeout(30_000));
        page.awaitPicture("before", 4);
        sent(step(run), page);
        page.awaitPicture("before", 5);
    }

    private static LocatorAssertions.IsVisibleOptions patient() {
        return new LocatorAssertions.IsVisibleOptions().setTimeout(30_000);
    }

    @Test
    void taskWithoutSteps_saysSo_andShowsTheFirstStepWhenItArrives() throws Exception {
        faults.expect("404"); // the page requests the first picture before it knows that there is none
        SentRun run = SentRun.of(cloud(), Map.of("name", "just started")).sent();
        Page page = reader();
        page.clock().install();
        page.navigate("/tasks/" + run.task());
        assertThat(page.getByText("No step has arrived yet.")).isVisible();

        sent(step(run), new RunPage(page));

        new RunPage(page).awaitPicture("before", 1);
        assertThat(page.getByText("No step has arrived yet.")).isHidden();
    }

    @Test
    void playback_ofARunningTask_doesNotJumpToTheEnd() throws Exception {
        SentRun run = startedRun();
        RunPage page = opened(run);
        page.page().clock().pauseAt(System.currentTimeMillis() + 10_000);

        page.press("k");

        page.awaitStep(1);
        assertThat(page.player().getByLabel("Follow the newest step")).not().isChecked();
        page.page().clock().runFor(200); // the page updates the URL after a delay
        page.page().waitForURL("**#step=1");
        sent(step(run), page);
        assertThat(page.position()).hasText("Step 2, 2 of 3"); // playback reached the second step
    }

    @Test
    void linkPastTheEnd_opensTheLastAvailableStep_andStays() throws Exception {
        faults.expect("404"); // the page requests its picture before it knows that the step does not exist
        SentRun run = startedRun();
        RunPage page = opened(run, "#step=60");

        sent(step(run), page);

        assertThat(page.position()).hasText("Step 2, 2 of 3");
    }

    @Test
    void lostConnection_isReportedOnTheComparisonToo() throws Exception {
        faults.expect("ERR_INTERNET_DISCONNECTED");
        SentRun run = startedRun();
        Page page = reader();
        page.clock().install();
        page.navigate("/compare?a=" + run.task() + "&b=" + ViewerCloud.demo());
        page.locator(".pair .stage[data-state=shown]").first().waitFor();

        page.context().setOffline(true);
        pollNow(new RunPage(page));
        assertThat(page.getByText("The connection is lost; trying again…")).isVisible(patient());
        page.context().setOffline(false);
        pollNow(new RunPage(page));
        assertThat(page.getByText("The connection is lost; trying again…"))
                .isHidden(new LocatorAssertions.IsHiddenOptions().setTimeout(30_000));
    }
}
