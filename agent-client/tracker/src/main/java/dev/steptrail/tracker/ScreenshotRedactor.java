package dev.steptrail.tracker;

import dev.steptrail.tracker.screenshot.ScreenshotImage;
import dev.steptrail.tracker.screenshot.Redaction;
import java.util.List;

/**
 * Says what of a picture must not be kept. Asked on the tracker's writer thread for each picture, before anything of it is
 * written; until it answers, nothing else is written, so it should take less time than a step.
 */
@FunctionalInterface
public interface ScreenshotRedactor {
    /**
     * What is to be blacked out or blurred, besides what the agent itself redacted; an empty list if nothing is.
     *
     * @param picture as the agent gave it; {@link ScreenshotImage#image} decodes it, which takes a tenth of a second
     * @throws Exception if that cannot be said. The picture is then not recorded, and counted as {@code redaction_failed}
     */
    List<Redaction> redact(ScreenshotImage picture, StepContext step) throws Exception;
}
