package dev.steptrail.tracker;

import dev.steptrail.tracker.outbox.BrokenImageException;
import dev.steptrail.tracker.picture.RedactedPicture;
import dev.steptrail.tracker.picture.Redaction;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What decides what must not be kept. Where that fails, nothing is kept.
 *
 * @param screenshots asked for each picture
 * @param text asked for each text; null from it leaves the text out, no redactor leaves it as it is
 */
record Redactors(ScreenshotRedactor screenshots, @Nullable UnaryOperator<String> text) {
    static final Redactors NONE = new Redactors((picture, step) -> List.of(), null);

    /** It could not be decided what must not be kept. */
    static final class RedactionFailedException extends Exception {
        RedactionFailedException(Throwable cause) {
            // Not what it says: that may be of the picture, or throw.
            super("the redactor fails: " + cause.getClass().getName());
        }
    }

    RedactedPicture redacted(Screen screen, StepContext step) throws BrokenImageException, RedactionFailedException {
        List<Redaction> all = new ArrayList<>(screen.redactions());
        try {
            all.addAll(List.copyOf(screenshots.redact(screen.picture(), step)));
            return RedactedPicture.of(screen.picture(), all);
        } catch (BrokenImageException e) {
            throw e;
        } catch (Throwable e) { // whatever it is costs the picture that it was about, and nothing else
            throw new RedactionFailedException(e);
        } finally {
            // A hook's own interrupt would close the files that are written next.
            Thread.interrupted();
        }
    }
}
