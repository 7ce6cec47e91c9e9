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
    private final List<LostFrames> losses = new ArrayList<>();
    private int screenshots;

    /** Frames that could not be stored, and the text of the warning. */
    private record LostFrames(int count, String message) {}

    private StepScreenshots(Step step, List<Future<Screenshot>> uploads) {
        this.step = step;
        this.uploads = uploads;
    }

    static StepScreenshots start(Step step, Function<Frame, Future<Screenshot>> upload) {
        return new StepScreenshots(
                step,
                step.frames().stream().limit(Step.MAX_SCREENSHOTS).map(upload).toList());
    }

    int count() {
        return uploads.size();
    }

    /**
     * Waits for all uploads.
     *
     * @return the step with its screenshots and losses
     * @throws ShipException if the bucket cannot be used
     * @throws IOException if the outbox or the encoder fails
     */
    Step awaitUploads() throws IOException, ShipException, InterruptedException {
        List<Screenshot> stored = new ArrayList<>(step.screenshots());
        List<Map<String, Object>> lost = new ArrayList<>();
        for (int i = 0; i < uploads.size(); i++) {
            try {
                stored.add(BucketUploads.await(uploads.get(i)));
                screenshots++;
            } catch (BrokenImageException e) {
                String reason = String.valueOf(e.getMessage());
                lost.add(Map.of("role", step.frames().get(i).role().wireName(), "reason", reason));
                losses.add(new LostFrames(1, "a screenshot is lost: " + reason));
            }
        }
        lost.addAll(countFramesOverLimit());
        return step.withScreenshots(stored, lost);
    }

    /** Returns an entry of {@code lost_screenshots} for each role that has frames beyond the limit. */
    private List<Map<String, Object>> countFramesOverLimit() {
        Map<FrameRole, Long> over = step.frames().stream()
                .skip(uploads.size())
                .collect(Collectors.groupingBy(Frame::role, TreeMap::new, Collectors.counting()));
        String reason = "a step may have at most " + Step.MAX_SCREENSHOTS;
        if (!over.isEmpty()) {
            int count = step.frames().size() - uploads.size();
            losses.add(new LostFrames(count, count + " screenshots are lost: " + reason));
        }
        return over.entrySet().stream()
                .map(role -> Map.<String, Object>of(
                        "role", role.getKey().wireName(), "count", role.getValue(), "reason", reason))
                .toList();
    }

    void cancel() {
        uploads.forEach(upload -> upload.cancel(false));
    }

    /** Returns the frames whose files may be removed, at most 1,000; the others are removed with the folder. */
    List<Frame> removableFrames() {
        return step.frames().stream().limit(MAX_REMOVED).toList();
    }

    void countIn(ShipCounts counts) {
        counts.screenshots.add(screenshots);
        losses.forEach(loss -> counts.addLostScreenshots(
                step.taskId(), loss.count(), "step " + step.stepNumber() + ": " + loss.message()));
    }
}
