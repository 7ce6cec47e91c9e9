package dev.steptrail.shipper;

import dev.steptrail.stepformat.Frame;
import dev.steptrail.stepformat.FrameRole;
import dev.steptrail.stepformat.Screenshot;
import dev.steptrail.stepformat.Step;
import dev.steptrail.tracker.internal.outbox.BrokenImageException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The uploads of a step's first 100 frames, and their results. */
final class StepScreenshots {
    private static final int MAX_REMOVED = 10 * Step.MAX_SCREENSHOTS;

    private final Step step;
    private final List<Future<Screenshot>> uploads;
    private final List<LossWarning> warnings = new ArrayList<>();
    private int storedCount;

    /** A warning about frames that could not be stored, and their number. */
    private record LossWarning(int count, String message) {}

    private StepScreenshots(Step step, List<Future<Screenshot>> uploads) {
        this.step = step;
        this.uploads = uploads;
    }

    static StepScreenshots start(Step step, Function<Frame, Future<Screenshot>> upload) {
        return new StepScreenshots(
                step,
                step.frames().stream().limit(Step.MAX_SCREENSHOTS).map(upload).toList());
    }

    int uploadCount() {
        return uploads.size();
    }

    /**
     * Waits for all uploads.
     *
     * @param moved the step without its large values
     * @return {@code moved} with its screenshots and losses
     * @throws ShipException if the bucket cannot be used
     * @throws IOException if the outbox or the encoder fails
     */
    Step awaitUploads(Step moved) throws IOException, ShipException, InterruptedException {
        List<Screenshot> stored = new ArrayList<>(step.screenshots());
        List<Map<String, Object>> lostEntries = new ArrayList<>();
        for (int i = 0; i < uploads.size(); i++) {
            try {
                stored.add(BucketUploads.await(uploads.get(i)));
                storedCount++;
            } catch (BrokenImageException e) {
                String reason = String.valueOf(e.getMessage());
                lostEntries.add(Map.of("role", step.frames().get(i).role().wireName(), "reason", reason));
                warnings.add(new LossWarning(1, "a screenshot is lost: " + reason));
            }
        }
        addFramesOverLimit(lostEntries);
        return moved.withScreenshots(stored, lostEntries);
    }

    /** Adds an entry of {@code lost_screenshots} for each role that has frames beyond the limit, and a warning. */
    private void addFramesOverLimit(List<Map<String, Object>> lostEntries) {
        Map<FrameRole, Long> over = step.frames().stream()
                .skip(uploads.size())
                .collect(Collectors.groupingBy(Frame::role, TreeMap::new, Collectors.counting()));
        String reason = "a step may have at most " + Step.MAX_SCREENSHOTS;
        if (!over.isEmpty()) {
            int count = step.frames().size() - uploads.size();
            warnings.add(new LossWarning(count, count + " screenshots are lost: " + reason));
        }
        over.forEach((role, frameCount) ->
                lostEntries.add(Map.of("role", role.wireName(), "count", frameCount, "reason", reason)));
    }

    void cancel() {
        uploads.forEach(upload -> upload.cancel(false));
    }

    /** Returns the frames whose files may be removed, at most 1,000; the others are removed with the folder. */
    List<Frame> removableFrames() {
        return step.frames().stream().limit(MAX_REMOVED).toList();
    }

    void addTo(ShipCounts counts) {
        counts.screenshots.add(storedCount);
        warnings.forEach(warning -> counts.addLostScreenshots(
                step.taskId(), warning.count(), "step " + step.stepNumber() + ": " + warning.message()));
    }
}
