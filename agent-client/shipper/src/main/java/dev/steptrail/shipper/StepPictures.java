package dev.steptrail.shipper;

import dev.steptrail.stepformat.Frame;
import dev.steptrail.stepformat.FrameRole;
import dev.steptrail.stepformat.Screenshot;
import dev.steptrail.stepformat.Step;
import dev.steptrail.tracker.outbox.BrokenImageException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The pictures of one step while they are being stored, the first 100 of them, and what became of each. */
final class StepPictures {
    private static final int MAX_REMOVED = 10 * Step.MAX_SCREENSHOTS;

    private final Step step;
    private final List<Future<Screenshot>> uploads;
    private final List<Lost> losses = new ArrayList<>();
    private int screenshots;

    /** Pictures that the step goes without, and why. */
    private record Lost(int count, String told) {}

    private StepPictures(Step step, List<Future<Screenshot>> uploads) {
        this.step = step;
        this.uploads = uploads;
    }

    /** Begins to store them. */
    static StepPictures begin(Step step, Function<Frame, Future<Screenshot>> store) {
        return new StepPictures(
                step,
                step.frames().stream().limit(Step.MAX_SCREENSHOTS).map(store).toList());
    }

    /** How many are being stored. */
    int count() {
        return uploads.size();
    }

    /**
     * Waits until all are stored.
     *
     * @return the step with what became of them
     * @throws ShipException if the bucket cannot be used
     * @throws IOException if the outbox or the encoder fails
     */
    Step shipped() throws IOException, ShipException, InterruptedException {
        List<Screenshot> stored = new ArrayList<>(step.screenshots());
        List<Map<String, Object>> lost = new ArrayList<>();
        for (int i = 0; i < uploads.size(); i++) {
            try {
                stored.add(result(uploads.get(i)));
                screenshots++;
            } catch (BrokenImageException e) {
                String reason = String.valueOf(e.getMessage());
                lost.add(Map.of("role", step.frames().get(i).role().wireName(), "reason", reason));
                losses.add(new Lost(1, "a screenshot is lost: " + reason));
            }
        }
        lost.addAll(overTheLimit());
        return step.shippedAs(stored, lost);
    }

    /** Of each role how many pictures are over what a step may have. */
    private List<Map<String, Object>> overTheLimit() {
        Map<FrameRole, Long> over = step.frames().stream()
                .skip(uploads.size())
                .collect(Collectors.groupingBy(Frame::role, TreeMap::new, Collectors.counting()));
        String reason = "a step may have " + Step.MAX_SCREENSHOTS;
        if (!over.isEmpty()) {
            int count = step.frames().size() - uploads.size();
            losses.add(new Lost(count, count + " screenshots are lost: " + reason));
        }
        return over.entrySet().stream()
                .map(role -> Map.<String, Object>of(
                        "role", role.getKey().wireName(), "count", role.getValue(), "reason", reason))
                .toList();
    }

    private static Screenshot result(Future<Screenshot> upload)
            throws IOException, ShipException, InterruptedException {
        try {
            return upload.get();
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            if (cause instanceof ShipException unusable) {
                throw unusable;
            }
            if (cause instanceof IOException failed) {
                throw failed;
            }
            throw new IOException(String.valueOf(cause), cause);
        }
    }

    /** Stores no more of them; what is being stored goes on. */
    void cancel() {
        uploads.forEach(upload -> upload.cancel(false));
    }

    /** Those whose files are done with; of a step that names thousands the rest goes with the folder. */
    List<Frame> done() {
        return step.frames().stream().limit(MAX_REMOVED).toList();
    }

    void countIn(ShipCounts counts) {
        counts.screenshots(screenshots);
        losses.forEach(loss ->
                counts.lostScreenshots(step.taskId(), loss.count(), "step " + step.stepNumber() + ": " + loss.told()));
    }
}
