package dev.steptrail.tracker;

import dev.steptrail.stepformat.Frame;
import dev.steptrail.tracker.outbox.BrokenImageException;
import dev.steptrail.tracker.outbox.OutboxFullException;
import dev.steptrail.tracker.outbox.TaskFolder;
import dev.steptrail.tracker.picture.RedactedPicture;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Puts the pictures of a step into the outbox, made PNG and made unreadable where they must be. One that cannot be is counted
 * as dropped. Not thread-safe: the writer thread owns it.
 */
final class StepFrames {
    private final Redactors redactors;
    private final TrackerCounts counts;
    private final DropWarning warning;

    StepFrames(Redactors redactors, TrackerCounts counts, DropWarning warning) {
        this.redactors = redactors;
        this.counts = counts;
        this.warning = warning;
    }

    List<Frame> write(TrackerEvent.Recorded event, TaskFolder.Frames target) {
        DropCounts dropped = event.task().droppedScreenshots;
        if (event.data().refusedPictures > 0) {
            dropped.add(DropReason.FRAME_QUEUE_FULL, event.data().refusedPictures);
        }
        List<Frame> frames = new ArrayList<>();
        for (StepData.SeenScreen seen : event.data().screens) {
            try {
                frames.add(write(event, seen, target));
            } catch (BrokenImageException e) {
                dropped.add(DropReason.NOT_AN_IMAGE);
                warning.dropped("Pictures are being dropped, since they are none: " + e.getMessage());
            } catch (Redactors.RedactionFailedException e) {
                dropped.add(DropReason.REDACTION_FAILED);
                counts.failed(e);
                warning.dropped("Pictures are being dropped: " + e.getMessage());
            } catch (OutboxFullException e) {
                dropped.add(DropReason.OUTBOX_FULL);
                counts.failed(e);
                warning.dropped("Pictures are being dropped: " + e.getMessage());
            } catch (IOException e) {
                dropped.add(DropReason.OUTBOX_UNWRITABLE);
                counts.failed(e);
                warning.dropped("Pictures are being dropped, the outbox cannot be written to: " + e);
            }
        }
        return frames;
    }

    private Frame write(TrackerEvent.Recorded event, StepData.SeenScreen seen, TaskFolder.Frames target)
            throws IOException, Redactors.RedactionFailedException {
        Screen screen = seen.screen();
        StepData step = event.data();
        RedactedPicture picture = redactors.redacted(
                screen,
                new StepContext(
                        event.task().id(),
                        event.stepNumber(),
                        step.type,
                        seen.role(),
                        screen.sensitive(),
                        step.thinking,
                        step.action));
        return target.write(event.stepNumber(), seen.role(), picture.png(), screen.sensitive(), picture.regions());
    }
}
