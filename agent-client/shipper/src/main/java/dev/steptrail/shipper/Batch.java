package dev.steptrail.shipper;

import dev.steptrail.stepformat.Frame;
import dev.steptrail.stepformat.FrameRole;
import dev.steptrail.stepformat.InvalidRecordException;
import dev.steptrail.stepformat.RecordCodec;
import dev.steptrail.stepformat.Screenshot;
import dev.steptrail.stepformat.Step;
import dev.steptrail.stepformat.StepRecord;
import dev.steptrail.tracker.outbox.BrokenImageException;
import dev.steptrail.tracker.outbox.OutboxLine;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A few lines of a task on their way: their pictures are being stored, then their records are sent. Nothing of it is told
 * or remembered before it counts as shipped: until then it may be made again, as often as sending fails.
 */
final class Batch {
    /** So many pictures of a task go together at most, and those of one step more: others wait for them. */
    private static final int MAX_FRAMES = 64;

    private static final int MAX_REMOVED = 10 * Step.MAX_SCREENSHOTS;

    private final TaskShipper task;
    private final long start;
    private long end;
    private final List<Read> read = new ArrayList<>();
    private final List<Rejected> rejected = new ArrayList<>();
    private final List<Lost> losses = new ArrayList<>();
    private int frameCount;
    private int screenshots;
    private int unanswered;

    /** A line, its record, and its pictures as they are being stored. */
    private record Read(OutboxLine line, StepRecord record, List<Future<Screenshot>> uploads) {}

    /** A line and the record that it became. */
    @SuppressWarnings("ArrayRecordComponent") // sent, never compared
    record Sendable(OutboxLine line, boolean isStep, byte[] json) {}

    /** Pictures that a step goes without, and why. */
    private record Lost(int count, String told) {}

    /** A line that cannot be sent, and why. */
    record Rejected(OutboxLine line, String reason) {}

    private Batch(TaskShipper task, long start) {
        this.task = task;
        this.start = start;
        this.end = start;
    }

    /** Reads lines, until 64 pictures are among them, and begins to store these. */
    static Batch begin(
            TaskShipper task, long start, List<OutboxLine> lines, Function<Frame, Future<Screenshot>> store) {
        Batch batch = new Batch(task, start);
        for (OutboxLine line : lines) {
            if (!line.isBlank()) {
                batch.read(line, store);
            }
            batch.end = line.end();
            if (batch.frameCount >= MAX_FRAMES) {
                break;
            }
        }
        return batch;
    }

    private void read(OutboxLine line, Function<Frame, Future<Screenshot>> store) {
        if (line.tooLong()) {
            reject(line, "the record: has more than " + OutboxLine.MAX_BYTES + " bytes");
            return;
        }
        try {
            StepRecord record = RecordCodec.decode(line.json());
            if (!record.taskId().equals(task.id())) {
                throw new UnsendableException("task_id: is not that of its folder");
            }
            List<Future<Screenshot>> uploads = record instanceof Step step
                    ? step.frames().stream()
                            .limit(Step.MAX_SCREENSHOTS)
                            .map(store)
                            .toList()
                    : List.of();
            read.add(new Read(line, record, uploads));
            frameCount += uploads.size();
        } catch (InvalidRecordException | UnsendableException e) {
            reject(line, String.valueOf(e.getMessage()));
        }
    }

    /**
     * Waits until all its pictures are stored, and stores those of its records that are too large for a message.
     *
     * @param uploads where to
     * @return its records, each as it is to be sent
     * @throws ShipException if the bucket cannot be used
     * @throws IOException if the outbox or the encoder fails
     */
    List<Sendable> records(BucketUploads uploads) throws IOException, ShipException, InterruptedException {
        List<Sendable> records = new ArrayList<>();
        for (Read line : read) {
            StepRecord record = line.record() instanceof Step step ? shipped(step, line.uploads()) : line.record();
            try {
                byte[] json = record instanceof Step step ? ShortenedStep.json(step) : RecordCodec.encode(record);
                records.add(new Sendable(line.line(), record instanceof Step, uploads.sendable(task.id(), json)));
            } catch (UnsendableException e) {
                reject(line.line(), String.valueOf(e.getMessage()));
            }
        }
        return records;
    }

    private Step shipped(Step step, List<Future<Screenshot>> uploads)
            throws IOException, ShipException, InterruptedException {
        List<Screenshot> stored = new ArrayList<>(step.screenshots());
        List<Map<String, Object>> lost = new ArrayList<>();
        for (int i = 0; i < uploads.size(); i++) {
            try {
                stored.add(result(uploads.get(i)));
                screenshots++;
            } catch (BrokenImageException e) {
                String reason = String.valueOf(e.getMessage());
                lost.add(Map.of("role", step.frames().get(i).role().wireName(), "reason", reason));
                losses.add(new Lost(1, "step " + step.stepNumber() + ": a screenshot is lost: " + reason));
            }
        }
        lost.addAll(overTheLimit(step, uploads.size()));
        return step.shippedAs(stored, lost);
    }

    /** Of each role how many pictures are over what a step may have. */
    private List<Map<String, Object>> overTheLimit(Step step, int within) {
        Map<FrameRole, Long> over = step.frames().stream()
                .skip(within)
                .collect(Collectors.groupingBy(Frame::role, TreeMap::new, Collectors.counting()));
        String reason = "a step may have " + Step.MAX_SCREENSHOTS;
        if (!over.isEmpty()) {
            int count = step.frames().size() - within;
            losses.add(
                    new Lost(count, "step " + step.stepNumber() + ": " + count + " screenshots are lost: " + reason));
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

    /** Stores no more of it; what is being stored goes on. */
    void cancel() {
        read.forEach(line -> line.uploads().forEach(upload -> upload.cancel(false)));
    }

    void reject(OutboxLine line, String reason) {
        rejected.add(new Rejected(line, reason));
    }

    /** So many more messages are still to be answered by SQS. */
    void awaitAnswers(int messages) {
        unanswered += messages;
    }

    /** Whether all of it is with SQS or kept aside. */
    boolean isDelivered() {
        return unanswered == 0;
    }

    TaskShipper task() {
        return task;
    }

    long start() {
        return start;
    }

    long end() {
        return end;
    }

    int frameCount() {
        return frameCount;
    }

    /** The pictures whose files are done with; of a step that names thousands the rest goes with the folder. */
    List<Frame> frames() {
        return read.stream()
                .filter(line -> line.record() instanceof Step)
                .flatMap(line -> ((Step) line.record()).frames().stream().limit(MAX_REMOVED))
                .toList();
    }

    List<Rejected> rejected() {
        return rejected;
    }

    void count(ShipCounts counts) {
        UUID id = task.id();
        counts.screenshots(screenshots);
        losses.forEach(loss -> counts.lostScreenshots(id, loss.count(), loss.told()));
        rejected.forEach(line -> counts.rejected(id, line.reason()));
    }
}
