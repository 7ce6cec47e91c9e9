package dev.steptrail.endtoend.viewer;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import dev.steptrail.stepformat.Waiting;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** Watches a task while it is running. */
class LiveIT extends BrowserTest {
    private final List<Integer> statuses = new CopyOnWriteArrayList<>();

    private SentRun startedRun() throws Exception {
        return step(step(SentRun.of(cloud(), Map.of("name", "live")))).sent();
    }

    private SentRun step(SentRun run) {
        return run.doing(Map.of("action", "Tap", "element", List.of(500, 500)), Picture.SCREEN);
    }

    private TaskPage opened(SentRun run, String more) {
        Page page = reader();
        page.clock().install();
        page.onResponse(response -> {
            if (response.url().endsWith("/api/tasks/" + run.task())) {
                statuses.add(response.status());
            }
        });
        return TaskPage.open(page, run.task(), more).awaitPicture("before", 2);
    }

    /** Sends the new records, and makes the page poll immediately. */
    private static void sent(SentRun run, Page page) throws Exception {
        run.sent();
        pollNow(page);
    }

    private static void pollNow(Page page) {
        page.clock().fastForward(2000);
    }

    @Test
    void runningTask_isUpdated_andFollowsTheNewestStep_untilItEnds() throws Exception {
        SentRun run = startedRun();
        TaskPage task = opened(run, "");
        assertThat(task.outcome()).hasText("Running");
        assertThat(task.button("Follow")).hasAttribute("aria-pressed", "true");

        Waiting.until("a poll had nothing new", () -> {
            pollNow(task.page());
            task.page().waitForTimeout(100); // time for the page's events to arrive
            return statuses.contains(304);
        });
        sent(step(run), task.page());
        task.awaitPicture("before", 3);
        assertThat(task.position()).hasText("3 / 3");
        assertThat(task.steps()).hasCount(3);
        task.step(1).click();
        sent(step(run), task.page());
        assertThat(task.position()).hasText("1 / 4");
        assertThat(task.button("Follow")).hasAttribute("aria-pressed", "false");
        task.button("Follow").click();
        task.awaitPicture("before", 4);
        sent(step(run).ended("succeeded"), task.page());
        task.awaitPicture("before", 5);
        assertThat(task.outcome()).hasText("Success");
    }

    @Test
    void lostConnection_isReported_andThePageCatchesUp() throws Exception {
        faults.expect("ERR_INTERNET_DISCONNECTED");
        SentRun run = startedRun();
        TaskPage task = opened(run, "");
        Locator offline = task.page().getByText("Connection lost. Trying again…");

        task.page().context().setOffline(true);
        pollNow(task.page());
        assertThat(offline).isVisible();
        step(step(run)).sent();
        task.page().context().setOffline(false);
        pollNow(task.page());

        assertThat(offline).isHidden();
        task.awaitPicture("before", 4);
        sent(step(run), task.page());
        task.awaitPicture("before", 5);
    }

    @Test
    void taskWithoutSteps_saysSo_andShowsTheFirstStepWhenItArrives() throws Exception {
        faults.expect("404"); // the page requests the first picture before it knows that there is none
        SentRun run = SentRun.of(cloud(), Map.of("name", "just started")).sent();
        Page page = reader();
        page.clock().install();
        page.navigate("/tasks/" + run.task());
        Locator waiting = page.getByText("The task is running. Steps appear here as they arrive.");
        assertThat(waiting).isVisible();

        sent(step(run), page);

        new TaskPage(page).awaitPicture("before", 1);
        assertThat(waiting).isHidden();
    }

    @Test
    void playback_ofARunningTask_doesNotJumpToTheEnd() throws Exception {
        SentRun run = startedRun();
        TaskPage task = opened(run, "");
        task.page().clock().pauseAt(System.currentTimeMillis() + 10_000);

        task.press("k");

        task.awaitStep(1);
        assertThat(task.button("Follow")).hasAttribute("aria-pressed", "false");
        task.page().clock().runFor(200); // the page updates the address after a delay
        task.page().waitForURL("**#step=1");
        sent(step(run), task.page());
        assertThat(task.position()).hasText("2 / 3"); // playback reached the second step
    }

    @Test
    void linkPastTheEnd_opensTheLastAvailableStep_andStays() throws Exception {
        faults.expect("404"); // the page requests its picture before it knows that the step does not exist
        SentRun run = startedRun();
        TaskPage task = opened(run, "#step=60");

        sent(step(run), task.page());

        assertThat(task.position()).hasText("2 / 3");
    }
}
