package dev.steptrail.tracker;

import dev.steptrail.tracker.screenshot.Redaction;
import dev.steptrail.tracker.screenshot.ScreenshotImage;
import java.util.List;

/**
 * Selects the regions of a screenshot that must not be stored. The writer thread calls the redactor for each screenshot
 * before writing it. A redactor that takes longer than a step fills the queue, so that steps are dropped.
 */
@FunctionalInterface
public interface ScreenshotRedactor {
    /**
     * Returns the regions to black out or blur, in addition to those that the agent redacted; an empty list for none.
     *
     * @param screenshot the original image; {@link ScreenshotImage#image} decodes it, which takes about 0.1 s
     * @param step the step of the screenshot
     * @throws Exception to drop the screenshot, which is counted as {@code redaction_failed}
     */
    List<Redaction> redact(ScreenshotImage screenshot, StepContext step) throws Exception;
}
