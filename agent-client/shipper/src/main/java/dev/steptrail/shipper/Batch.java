package dev.steptrail.shipper;

import dev.steptrail.stepformat.Frame;
import dev.steptrail.stepformat.InvalidRecordException;
import dev.steptrail.stepformat.ModelCall;
import dev.steptrail.stepformat.RecordCodec;
import dev.steptrail.stepformat.RecordShortener;
import dev.steptrail.stepformat.Step;
import dev.steptrail.stepformat.StepRecord;
import dev.steptrail.stepformat.Verdict;
import dev.steptrail.tracker.internal.outbox.OutboxLine;
import dev.steptrail.tracker.internal.outbox.OutboxTask;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/**
 * Consecutive lines of a task. Their screenshots and large texts are uploaded before their records are sent. Losses and rejections are
 * logged and counted when the batch is shipped, so that a line whose batch failed and is retried is counted once.
 */
final class Batch {
    /** A batch with this many frames gets no further line. */
    private static final int MAX_FRAMES = 64;

    private final TaskShipper task;
    private final long start;
    private long end;
    private final List<BatchLine> lines = new ArrayList<>();
    private final List<RejectedLine> rejected = new ArrayList<>();
    private int frameCount;
    private int attachmentCount;
    private int pendingMessages;

    /** A line, its record and, for a step, the uploads of its screenshots and of its model call. */
    private record BatchLine(
            OutboxLine line,
            StepRecord record,
            Optional<StepScreenshots> screenshots,
            Optional<Future<ModelCall>> modelCall) {
        StepRecord awaitUploads() throws IOException, ShipException, InterruptedException {
            if (screenshots.isEmpty()) {
                return record;
            }
            Step step = screenshots.get().awaitUploads();
            return modelCall.isEmpty() ? step : step.withModelCall(BucketUploads.await(modelCall.get()));
        }
    }

    /** A line, and the message element for its record: the record itself or a reference to it. */
    @SuppressWarnings("ArrayRecordComponent") // sent, never compared
    record EncodedRecord(OutboxLine line, boolean isStep, byte[] json) {}

    /** A line that cannot be sent, and the reason. */
    record RejectedLine(OutboxLine line, String reason) {}

    private Batch(TaskShipper task, long start) {
        this.task = task;
        this.start = start;
        this.end = start;
    }

    /** Creates a batch and starts to upload its frames and large texts. The batch ends with the line that reaches 64 frames. */
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

    private void add(OutboxLine line, BucketUploads uploads) {
        try {
            StepRecord record = parseRecord(task.task(), line);
            if (record instanceof Step step) {
                StepScreenshots screenshots =
                        StepScreenshots.start(step, frame -> uploads.startUpload(task.task(), frame));
                ModelCall call = step.modelCall();
                boolean hasTexts = call.input() != null || call.output() != null;
                lines.add(new BatchLine(
                        line,
                        record,
                        Optional.of(screenshots),
                        hasTexts ? Optional.of(uploads.startUpload(task.id(), call)) : Optional.empty()));
                frameCount += screenshots.uploadCount();
            } else {
                lines.add(new BatchLine(line, record, Optional.empty(), Optional.empty()));
            }
        } catch (UnsendableException e) {
            reject(line, String.valueOf(e.getMessage()));
        }
    }

    /** @throws UnsendableException if the line is neither a record of this task nor a verdict, which may be of any task */
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
     * Waits for the uploads of screenshots and model calls, and uploads the records that are too large for a message.
     *
     * @return the records to send
     * @throws ShipException if the bucket cannot be used
     * @throws IOException if the outbox or the encoder fails
     */
    List<EncodedRecord> encodeRecords(BucketUploads uploads) throws IOException, ShipException, InterruptedException {
        List<EncodedRecord> records = new ArrayList<>();
        for (BatchLine line : lines) {
            boolean isStep = line.screenshots().isPresent();
            try {
                StepRecord record = line.awaitUploads();
                if (record instanceof Step step) {
                    attachmentCount += step.modelCall().attachments().size();
                }
                byte[] json = RecordShortener.encode(record);
                records.add(new EncodedRecord(
                        line.line(),
                        isStep,
                        uploads.toMessageElement(line.record().taskId(), json)));
            } catch (UnsendableException e) {
                reject(line.line(), String.valueOf(e.getMessage()));
            }
        }
        return records;
    }

    /** Cancels uploads that have not started. */
    void cancel() {
        screenshots().forEach(StepScreenshots::cancel);
        lines.forEach(line -> line.modelCall().ifPresent(upload -> upload.cancel(false)));
    }

    void reject(OutboxLine line, String reason) {
        rejected.add(new RejectedLine(line, reason));
    }

    /** Adds to the number of messages that SQS has not yet accepted or rejected. */
    void addPendingMessages(int messages) {
        pendingMessages += messages;
    }

    /** Returns whether each record was accepted by SQS or rejected. */
    boolean isDelivered() {
        return pendingMessages == 0;
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
