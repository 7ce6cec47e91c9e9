package dev.steptrail.shipper;

import dev.steptrail.stepformat.Frame;
import dev.steptrail.stepformat.InvalidRecordException;
import dev.steptrail.stepformat.RecordCodec;
import dev.steptrail.stepformat.Screenshot;
import dev.steptrail.stepformat.ShortenedRecord;
import dev.steptrail.stepformat.Step;
import dev.steptrail.stepformat.StepRecord;
import dev.steptrail.tracker.outbox.OutboxLine;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A few lines of a task on their way: their pictures are being stored, then their records are sent. Nothing of it is told
 * or remembered before it counts as shipped: until then it may be made again, as often as sending fails.
 */
final class Batch {
    /** So many pictures of a task go together at most, and those of one step more: others wait for them. */
    private static final int MAX_FRAMES = 64;

    private final TaskShipper task;
    private final long start;
    private long end;
    private final List<Read> read = new ArrayList<>();
    private final List<Rejected> rejected = new ArrayList<>();
    private int frameCount;
    private int unanswered;

    /** A line, its record, and, if that is a step, its pictures. */
    private record Read(OutboxLine line, StepRecord record, Optional<StepPictures> pictures) {}

    /** A line and the record that it became. */
    @SuppressWarnings("ArrayRecordComponent") // sent, never compared
    record Sendable(OutboxLine line, boolean isStep, byte[] json) {}

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
            Optional<StepPictures> pictures =
                    record instanceof Step step ? Optional.of(StepPictures.begin(step, store)) : Optional.empty();
            read.add(new Read(line, record, pictures));
            frameCount += pictures.map(StepPictures::count).orElse(0);
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
            boolean step = line.pictures().isPresent();
            try {
                byte[] json = ShortenedRecord.json(step ? line.pictures().get().shipped() : line.record());
                records.add(new Sendable(line.line(), step, uploads.sendable(task.id(), json)));
            } catch (UnsendableException e) {
                reject(line.line(), String.valueOf(e.getMessage()));
            }
        }
        return records;
    }

    /** Stores no more of it; what is being stored goes on. */
    void cancel() {
        pictures().forEach(StepPictures::cancel);
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

    /** The pictures whose files are done with. */
    List<Frame> frames() {
        return pictures().flatMap(step -> step.done().stream()).toList();
    }

    List<Rejected> rejected() {
        return rejected;
    }

    void countIn(ShipCounts counts) {
        pictures().forEach(step -> step.countIn(counts));
        rejected.forEach(line -> counts.rejected(task.id(), line.reason()));
    }

    private Stream<StepPictures> pictures() {
        return read.stream().flatMap(line -> line.pictures().stream());
    }
}
