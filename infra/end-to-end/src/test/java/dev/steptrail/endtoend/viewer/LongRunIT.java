package dev.steptrail.endtoend.viewer;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.Page;
import java.util.List;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * A task of 100 steps with 200 screenshots, which would need 2 GB if all stayed decoded. Memory is measured while the
 * page is idle, not while the user scrubs. {@code -Dsteptrail.run-steps=500} makes the task longer.
 */
@Order(1)
@ResourceLock(Chromium.LOCK)
@Tag("nightly")
class LongRunIT extends BrowserTest {
    private static final int STEPS = Integer.getInteger("steptrail.run-steps", 100);
    private static final int STRETCH = 50;
    private static final long MAX_MEMORY = 300_000_000;
    private static final int MAX_REQUESTS = 20;

    /** Moves along the timeline as a held arrow key does: one step per animation frame. */
    private static final String SCRUB = """
            async ([count, key]) => {
              const timeline = document.querySelector('st-task-page').shadowRoot.querySelector('st-timeline');
              for (let move = 1; move <= count; move++) {
                timeline.dispatchEvent(new KeyboardEvent('keydown', { key, repeat: move < count, bubbles: true, composed: true }));
                await new Promise(requestAnimationFrame);
              }
            }""";

    @Test
    void memoryAndRequests_areBounded_forAnyLengthOfRun() throws Exception {
        assumeTrue(PageMemory.isMeasurable(), "skipped: the memory of processes is not readable here");
        String task = LongRun.of(cloud(), STEPS);
        Page page = reader();
        Chromium.closeIdle();
        PageMemory memory = PageMemory.ofBlank(page);
        RequestConcurrency requests = RequestConcurrency.on(page);
        TaskPage opened = TaskPage.open(page, task).awaitPicture("before", 1);
        assertThat(opened.position()).hasText("1 / " + STEPS); // all steps are loaded

        for (int from = 0; from < STEPS - 1; from += STRETCH) {
            int to = Math.min(STEPS - 1, from + STRETCH);
            page.evaluate(SCRUB, List.of(to - from, "ArrowRight"));
            opened.awaitPicture("before", to + 1);
            memory.measure();
        }
        page.evaluate(SCRUB, List.of(STEPS / 10, "PageDown")); // 10 steps at a time
        opened.awaitPicture("before", 1);
        for (int step = 2; step < STEPS; step += STRETCH / 2) { // with pauses, as a user makes
            page.evaluate("(step) => { location.hash = `step=${step}`; }", step);
            opened.awaitPicture("before", step);
            memory.measure();
        }

        System.out.println("a page of " + 2 * STEPS + " screens took at most " + memory.maxGrowth() / 1_000_000
                + " MB and " + requests.max() + " requests at a time");
        assertThat(memory.maxGrowth()).isLessThan(MAX_MEMORY);
        assertThat(requests.max()).isLessThanOrEqualTo(MAX_REQUESTS);
    }
}
