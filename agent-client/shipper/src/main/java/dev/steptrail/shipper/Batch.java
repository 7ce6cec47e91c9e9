package dev.steptrail.shipper;

import dev.steptrail.stepformat.Attachment;
import dev.steptrail.stepformat.Frame;
import dev.steptrail.stepformat.InvalidRecordException;
import dev.steptrail.stepformat.LargeValues;
import dev.steptrail.stepformat.RecordCodec;
import dev.steptrail.stepformat.Step;
import dev.steptrail.stepformat.StepRecord;
import dev.steptrail.stepformat.Verdict;
import dev.steptrail.tracker.internal.outbox.OutboxLine;
import dev.steptrail.tracker.internal.outbox.OutboxTask;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/**
 * Consecutive lines of a task, which are sent in one message: at most 20 lines, 64 KiB and 64 frames. Their screenshots
 * and large values are uploaded before. Losses and rejections are logged and counted when the batch is shipped, so that
 * a line whose batch failed and is retried is counted once.
 */
final class Batch {
    /** SQS bills per 64 KiB, so more records in a message save nothing and make a retry more expensive. */
    static final int MAX_RECORDS = 20;

    static final int MAX_BYTES = 64 * 1024;

    /** The longest time that a line waits for more lines. */
    static final Duration MAX_WAIT = Duration.ofSeconds(5);

    /** A record of this size has no large values. */
    private static final int ALWAYS_SMALL_BYTES = 1024;

    /** A batch with this many frames gets no further line. */
    private static final int MAX_FRAMES = 64;

    private final TaskShipper task;
    private final long start;
    private long end;
    private final List<BatchLine> lines = new ArrayList<>();
    private final List<RejectedLine> rejected = new ArrayList<>();
    private int frameCount;
    private int attachmentCount;

    /** A line, its record without large values and, for a step, the uploads of its screenshots. */
    private record BatchLine(OutboxLine line, Future<StepRecord> record, Optional<StepScreenshots> screenshots) {
        StepRecord awaitUploads() throws IOException, ShipException, InterruptedException {
            StepRecord moved = BucketUploads.await(record);
            return screenshots.isPresent() ? screenshots.get().awaitUploads((Step) moved) : moved;
        }
    }

    /** A line, and the JSON of its record. */
    @SuppressWarnings("ArrayRecordComponent") // sent, never compared
    record EncodedRecord(OutboxLine line, boolean isStep, byte[] json) {}

    /** A line that cannot be sent, and the reason. */
    record RejectedLine(OutboxLine line, String reason) {}

    private Batch(TaskShipper task, long start) {
        this.task = task;
        this.start = start;
        this.end = start;
    }

    /**
     * Creates a batch, and starts to upload its frames and large values. The batch ends with the line that reaches 64
     * frames.
     */
    static Batch create(TaskShipper task, long start, List<OutboxLine> lines, BucketUploads uploads) {
        Batch batch = new Batch(task, start);
        for (OutboxLine line : lines) {
            if (!line.isBlank()) {
                batch.add(line, uploads);
            }
            batch.end = line.end();
            if (batch.frameCount >= MAX_FRAMES) {
                break;
            }
        }
        return batch;
    }

    /** Returns how many lines, from the offset {@code start}, fit into a batch: at least one unless there is none. */
    static int countFitting(List<OutboxLine> lines, long start) {
        int count = 0;
        while (count < Math.min(lines.size(), MAX_RECORDS)
                && (count == 0 || lines.get(count).end() - start <= MAX_BYTES)) {
            count++;
        }
        return count;
    }

    /** Returns whether a batch of the first {@code count} lines is full. */
    static boolean isFull(List<OutboxLine> lines, int count, long start) {
        return count == MAX_RECORDS
                || count < lines.size()
                || (count > 0 && lines.get(count - 1).end() - start >= MAX_BYTES);
    }

    /**
     * Returns whether lines that have waited for {@code waited} would exceed {@link #MAX_WAIT} at the next poll. A
     * negative time means that the clock was set back, so the lines are due.
     */
    static boolean isDue(Duration waited) {
        return waited.isNegative() || waited.plus(ShipLoop.POLL_INTERVAL).compareTo(MAX_WAIT) >= 0;
    }

    private void add(OutboxLine line, BucketUploads uploads) {
        try {
            StepRecord record = parseRecord(task.task(), line);
            Future<StepRecord> moved = line.json().length <= ALWAYS_SMALL_BYTES
                    ? CompletableFuture.completedFuture(record)
                    : uploads.startMove(record);
            Optional<StepScreenshots> screenshots = Optional.empty();
            if (record instanceof Step step) {
                screenshots =
                        Optional.of(StepScreenshots.start(step, frame -> uploads.startUpload(task.task(), frame)));
                frameCount += screenshots.get().uploadCount();
            }
            lines.add(new BatchLine(line, moved, screenshots));
        } catch (UnsendableException e) {
            reject(line, String.valueOf(e.getMessage()));
        }
    }

    /**
     * @throws UnsendableException if the line is neither a record of this task nor a verdict, which may be of any task
     */
    static StepRecord parseRecord(OutboxTask task, OutboxLine line) throws UnsendableException {
        if (line.tooLong()) {
            throw new UnsendableException("the record has more than " + OutboxLine.MAX_BYTES + " bytes");
        }
        try {
            StepRecord record = RecordCodec.decode(line.json());
            if (!(record instanceof Verdict) && !record.taskId().equals(task.id())) {
                throw new UnsendableException("task_id: differs from the folder's name");
            }
            return record;
        } catch (InvalidRecordException e) {
            throw new UnsendableException(e.reason());
        }
    }

    /**
     * Waits for the uploads of screenshots and large values.
     *
     * @return the records to send
     * @throws ShipException if the bucket cannot be used
     * @throws IOException if the outbox or the encoder fails
     */
    List<EncodedRecord> encodeRecords(BucketUploads uploads) throws IOException, ShipException, InterruptedException {
        List<EncodedRecord> records = new ArrayList<>();
        for (BatchLine line : lines) {
            try {
                byte[] json = encode(line.awaitUploads(), uploads);
                records.add(new EncodedRecord(line.line(), line.screenshots().isPresent(), json));
            } catch (UnsendableException e) {
                reject(line.line(), String.valueOf(e.getMessage()));
            }
        }
        return records;
    }

    private byte[] encode(StepRecord record, BucketUploads uploads) throws ShipException, UnsendableException {
        StepRecord sent = record;
        byte[] json = RecordCodec.encode(sent);
        if (json.length > LargeValues.MAX_RECORD_BYTES) { // its screenshots need more space than its frames
            sent = uploads.moveLargeValues(sent);
            json = RecordCodec.encode(sent);
        }
        if (json.length > LargeValues.MAX_RECORD_BYTES) {
            throw new UnsendableException("the record has " + json.length
                    + " bytes without its large values; the maximum is " + LargeValues.MAX_RECORD_BYTES);
        }
        attachmentCount += Attachment.of(sent).size();
        return json;
    }

    /** Cancels uploads that have not started. */
    void cancel() {
        screenshots().forEach(StepScreenshots::cancel);
        lines.forEach(line -> line.record().cancel(false));
    }

    void reject(OutboxLine line, String reason) {
        rejected.add(new RejectedLine(line, reason));
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

    /** Returns the frames whose files may be removed once the batch is shipped. */
    List<Frame> removableFrames() {
        return screenshots().flatMap(step -> step.removableFrames().stream()).toList();
    }

    List<RejectedLine> rejected() {
        return rejected;
    }

    void addTo(ShipCounts counts) {
        screenshots().forEach(step -> step.addTo(counts));
        counts.attachments.add(attachmentCount);
        rejected.forEach(line -> counts.addRejected(task.id(), line.reason()));
    }

    private Stream<StepScreenshots> screenshots() {
        return lines.stream().flatMap(line -> line.screenshots().stream());
    }
}
