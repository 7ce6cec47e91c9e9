package dev.steptrail.endtoend.viewer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.Page;
import java.util.List;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * A run of 100 steps with 200 screens, which would need 2 GB if all stayed decoded. Memory is measured while the page
 * is idle, not while the slider moves. {@code -Dsteptrail.run-steps=500} makes the run longer.
 */
@Order(1)
@ResourceLock(Chromium.LOCK)
class LongRunIT extends BrowserTest {
    private static final int STEPS = Integer.getInteger("steptrail.run-steps", 100);
    private static final int STRETCH = 50;
    private static final long MAX_MEMORY = 300_000_000;
    private static final int MAX_REQUESTS = 20;

    /** Moves the slider as a user does, slowly or quickly: one input event per animation frame. */
    private static final String SCRUB = """
            async ([from, to, by]) => {
              const scrub = document.querySelector('input.scrub');
              for (let place = from; place !== to; place += Math.sign(to - place) * Math.min(by, Math.abs(to - place))) {
                scrub.value = place;
                scrub.dispatchEvent(new Event('input'));
                await new Promise(requestAnimationFrame);
              }
              scrub.dispatchEvent(new Event('change'));
            }""";

    @Test
    void memoryAndRequests_areBounded_forAnyLengthOfRun() throws Exception {
        assumeTrue(PageMemory.isMeasurable(), "skipped: the memory of processes is not readable here");
        String task = LongRun.of(cloud(), STEPS);
        Page page = reader();
        Chromium.closeIdle();
        PageMemory memory = PageMemory.ofBlank(page);
        RequestConcurrency requests = RequestConcurrency.on(page);
        RunPage run = RunPage.open(page, task).awaitPicture("before", 1);
        page.locator(".timeline rect.error").nth(STEPS / 50 - 1).waitFor(); // until all steps are loaded

        for (int from = 0; from < STEPS - 1; from += STRETCH) {
            int to = Math.min(STEPS - 1, from + STRETCH);
            page.evaluate(SCRUB, List.of(from, to, 1));
            run.awaitPicture("before", to);
            memory.measure();
        }
        page.evaluate(SCRUB, List.of(STEPS - 1, 0, 5));
        run.awaitPicture("before", 5);
        for (int step = 2; step < STEPS; step += STRETCH / 2) { // with pauses, as a user makes
            run.scrub().fill(String.valueOf(step));
            run.awaitPicture("before", step + 1);
            memory.measure();
        }

        System.out.println("a page of " + 2 * STEPS + " screens took at most " + memory.maxGrowth() / 1_000_000
                + " MB and " + requests.max() + " requests at a time");
        assertThat(memory.maxGrowth()).isLessThan(MAX_MEMORY);
        assertThat(requests.max()).isLessThanOrEqualTo(MAX_REQUESTS);
    }
}
