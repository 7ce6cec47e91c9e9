package dev.steptrail.endtoend.viewer;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import dev.steptrail.endtoend.Recording;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A task of 100 steps with 200 screenshots, which would need 2 GB if all stayed decoded. */
@Tag("nightly")
class LongRunIT extends BrowserTest {
    private static final int STEPS = 100;

    /** The limits of the caches for decoded screenshots and thumbnails, and some that are being drawn. */
    private static final int MAX_DECODED_BYTES = 64 * 1024 * 1024;

    private static final int MAX_HEAP_BYTES = 64 * 1024 * 1024;

    /** Counts the bytes of all bitmaps that are not closed. */
    private static final String COUNT_BITMAPS = """
            window.decoded = 0;
            window.maxDecoded = 0;
            const sizeOf = ({ width, height }) => width * height * 4;
            const create = window.createImageBitmap;
            window.createImageBitmap = async (...image) => {
              const bitmap = await create(...image);
              window.decoded += sizeOf(bitmap);
              window.maxDecoded = Math.max(window.maxDecoded, window.decoded);
              return bitmap;
            };
            const close = ImageBitmap.prototype.close;
            ImageBitmap.prototype.close = function () {
              window.decoded -= sizeOf(this);
              close.call(this);
            };""";

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
    void memory_isBounded_forAnyLengthOfRun() throws Exception {
        Picture screen = Picture.of(ImageIO.read(Recording.SAMPLES
                .resolve("flower-photo-loop/screenshots/step_010.png")
                .toFile()));
        SentRun run = SentRun.of(cloud(), Map.of("name", STEPS + " steps"));
        for (int step = 0; step < STEPS; step++) {
            run.doing(Map.of("action", "Back"), screen, screen.as("after"));
        }
        run.ended("succeeded").sent();
        Page page = reader();
        page.addInitScript(COUNT_BITMAPS);
        TaskPage task = TaskPage.open(page, run.task()).awaitPicture("before", 1);
        assertThat(task.position()).hasText("1 / " + STEPS); // all steps are loaded

        page.evaluate(SCRUB, List.of(STEPS - 1, "ArrowRight"));
        task.awaitPicture("before", STEPS);
        page.evaluate(SCRUB, List.of(STEPS / 10, "PageDown")); // 10 steps at a time
        for (int step = 1; step <= STEPS; step++) { // with pauses, as a user makes
            task.awaitPicture("before", step);
            task.press("ArrowRight");
        }

        page.requestGC();
        assertThat((int) page.evaluate("performance.memory.usedJSHeapSize")).isLessThan(MAX_HEAP_BYTES);
        assertThat((int) page.evaluate("maxDecoded")).isBetween(MAX_DECODED_BYTES / 4, MAX_DECODED_BYTES);
    }
}
