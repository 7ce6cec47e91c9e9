package dev.steptrail.shipper;

import dev.steptrail.stepformat.Frame;
import dev.steptrail.stepformat.InvalidRecordException;
import dev.steptrail.stepformat.RecordCodec;
import dev.steptrail.stepformat.RecordShortener;
import dev.steptrail.stepformat.Screenshot;
import dev.steptrail.stepformat.Step;
import dev.steptrail.stepformat.StepRecord;
import dev.steptrail.tracker.internal.outbox.OutboxLine;
import dev.steptrail.tracker.internal.outbox.OutboxTask;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Consecutive lines of a task. Their screenshots are uploaded before their records are sent. Nothing is logged or
 * counted until the batch is shipped, because the same lines form a new batch after a failure.
 */
final class Batch {
    /** No further line is read once a batch has this many frames. */
    private static final int MAX_FRAMES = 64;

    private final TaskShipper task;
    private final long start;
    private long end;
    private final List<Read> read = new ArrayList<>();
    private final List<Rejected> rejected = new ArrayList<>();
    private int frameCount;
    private int unanswered;

    /** A line, its record, and a step's screenshots. */
    private record Read(OutboxLine line, StepRecord record, Optional<StepScreenshots> screenshots) {}

    /** A line, and its record in the form that is sent. */
    @SuppressWarnings("ArrayRecordComponent") // sent, never compared
    record Sendable(OutboxLine line, boolean isStep, byte[] json) {}

    /** A line that cannot be sent, and why. */
    record Rejected(OutboxLine line, String reason) {}

    private Batch(TaskShipper task, long start) {
        this.task = task;
        this.start = start;
        this.end = start;
    }

    /** Reads lines until they contain 64 frames, and starts to upload the frames. */
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
        try {
            StepRecord record = recordOf(task.task(), line);
            Optional<StepScreenshots> screenshots =
                    record instanceof Step step ? Optional.of(StepScreenshots.begin(step, store)) : Optional.empty();
            read.add(new Read(line, record, screenshots));
            frameCount += screenshots.map(StepScreenshots::count).orElse(0);
        } catch (UnsendableException e) {
            reject(line, String.valueOf(e.getMessage()));
        }
    }

    /** @throws UnsendableException if the line is not a record of this task */
    static StepRecord recordOf(OutboxTask task, OutboxLine line) throws UnsendableException {
        if (line.tooLong()) {
            throw new UnsendableException("the record: has more than " + OutboxLine.MAX_BYTES + " bytes");
        }
        try {
            StepRecord record = RecordCodec.decode(line.json());
            if (!record.taskId().equals(task.id())) {
                throw new UnsendableException("task_id: differs from the folder's name");
            }
            return record;
        } catch (InvalidRecordException e) {
            throw new UnsendableException(e.reason());
        }
    }

    /**
     * Waits for the screenshot uploads, and uploads the records that are too large for a message.
     *
     * @return the records in the form that is sent
     * @throws ShipException if the bucket cannot be used
     * @throws IOException if the outbox or the encoder fails
     */
    List<Sendable> records(BucketUploads uploads) throws IOException, ShipException, InterruptedException {
        List<Sendable> records = new ArrayList<>();
        for (Read line : read) {
            boolean step = line.screenshots().isPresent();
            try {
                byte[] json =
                        RecordShortener.encode(step ? line.screenshots().get().shipped() : line.record());
                records.add(new Sendable(line.line(), step, uploads.recordOrClaim(task.id(), json)));
            } catch (UnsendableException e) {
                reject(line.line(), String.valueOf(e.getMessage()));
            }
        }
        return records;
    }

    /** Cancels uploads that have not started. */
    void cancel() {
        screenshots().forEach(StepScreenshots::cancel);
    }

    void reject(OutboxLine line, String reason) {
        rejected.add(new Rejected(line, reason));
    }

    /** Adds to the number of messages whose result is not known yet. */
    void awaitAnswers(int messages) {
        unanswered += messages;
    }

    /** Whether SQS has accepted all its records, except rejected ones. */
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

    /** The frames whose files may be removed. */
    List<Frame> frames() {
        return screenshots().flatMap(step -> step.done().stream()).toList();
    }

    List<Rejected> rejected() {
        return rejected;
    }

    void countIn(ShipCounts counts) {
        screenshots().forEach(step -> step.countIn(counts));
        rejected.forEach(line -> counts.rejected(task.id(), line.reason()));
    }

    private Stream<StepScreenshots> screenshots() {
        return read.stream().flatMap(line -> line.screenshots().stream());
    }
}
