package dev.steptrail.shipper;

import dev.steptrail.stepformat.Frame;
import dev.steptrail.stepformat.InvalidRecordException;
import dev.steptrail.stepformat.MessageCodec;
import dev.steptrail.stepformat.RecordCodec;
import dev.steptrail.stepformat.Screenshot;
import dev.steptrail.stepformat.Step;
import dev.steptrail.stepformat.StepRecord;
import dev.steptrail.tracker.outbox.BrokenImageException;
import dev.steptrail.tracker.outbox.OutboxLine;
import dev.steptrail.tracker.outbox.OutboxTask;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Delivers one task: line after line becomes records, records become messages; a picture is stored before the message that
 * names it is sent, and a message is with SQS before its lines count as shipped. Stopped at any point, the same again is
 * harmless.
 */
final class TaskShipper {
    /** SQS bills each 64 KiB; more records in a message would only make a failed one dearer. */
    private static final int MAX_RECORDS = 20;

    private static final int MAX_LINE_BYTES = 64 * 1024;

    /** What is left of the bound to which a reader inflates a message, with room for its envelope. */
    private static final int MAX_RECORD_BYTES = MessageCodec.MAX_INFLATED_BYTES - 1024;

    /** SQS takes 1 MiB; a quarter of it leaves room for attributes and for smaller queues. */
    private static final int MAX_BODY_BYTES = 240 * 1024;

    private final OutboxTask task;
    private final ScreenshotShipper screenshots;
    private final StepQueue queue;
    private final ShipCounts counts;

    TaskShipper(OutboxTask task, ScreenshotShipper screenshots, StepQueue queue, ShipCounts counts) {
        this.task = task;
        this.screenshots = screenshots;
        this.queue = queue;
        this.counts = counts;
    }

    /** Ships what the writer has written so far. */
    void ship() throws IOException, ShipException {
        long offset = task.shipped();
        while (true) {
            List<OutboxLine> lines = task.linesFrom(offset, MAX_LINE_BYTES);
            if (lines.isEmpty()) {
                return;
            }
            List<OutboxLine> batch = lines.subList(0, Math.min(lines.size(), MAX_RECORDS));
            shipLines(batch);
            offset = batch.get(batch.size() - 1).end();
        }
    }

    private void shipLines(List<OutboxLine> lines) throws IOException, ShipException {
        Batch batch = new Batch();
        for (OutboxLine line : lines) {
            if (!line.isBlank()) {
                add(line, batch);
            }
        }
        send(batch.records, batch);
        for (Batch.Rejected rejected : batch.rejected) {
            task.reject(rejected.line());
        }
        task.acknowledge(lines.get(lines.size() - 1).end());
        for (Frame frame : batch.frames) {
            removeFrame(frame);
        }
        count(batch);
    }

    private void add(OutboxLine line, Batch batch) throws IOException, ShipException {
        try {
            StepRecord record = ownRecord(line);
            if (record instanceof Step step) {
                batch.records.add(sendable(line, shipped(step, batch)));
                batch.frames.addAll(step.frames());
            } else {
                batch.records.add(sendable(line, record));
            }
        } catch (InvalidRecordException | UnsendableException e) {
            batch.rejected.add(new Batch.Rejected(line, String.valueOf(e.getMessage())));
        }
    }

    private StepRecord ownRecord(OutboxLine line) throws InvalidRecordException, UnsendableException {
        StepRecord record = RecordCodec.decode(line.json());
        if (!record.taskId().equals(task.id())) {
            throw new UnsendableException("task_id: is not that of its folder");
        }
        return record;
    }

    private Step shipped(Step step, Batch batch) throws IOException, ShipException {
        List<Screenshot> stored = new ArrayList<>(step.screenshots());
        List<Map<String, Object>> lost = new ArrayList<>();
        for (Frame frame : step.frames()) {
            try {
                stored.add(screenshots.ship(task, frame));
                batch.screenshots++;
            } catch (BrokenImageException e) {
                String reason = String.valueOf(e.getMessage());
                lost.add(Map.of("role", frame.role().wireName(), "reason", reason));
                batch.losses.add("step " + step.stepNumber() + ": a screenshot is lost: " + reason);
            }
        }
        return step.shippedAs(stored, lost);
    }

    private static Batch.Sendable sendable(OutboxLine line, StepRecord record) throws UnsendableException {
        byte[] json = RecordCodec.encode(record);
        if (json.length > MAX_LINE_BYTES
                && (json.length > MAX_RECORD_BYTES
                        || MessageCodec.encode(List.of(json)).text().length() > MAX_BODY_BYTES)) {
            throw new UnsendableException("the record: has " + json.length + " bytes, more than a message can carry");
        }
        return new Batch.Sendable(line, json);
    }

    /** Sends records in one message; where that is refused, each in one of its own, so that only the bad one is rejected. */
    private void send(List<Batch.Sendable> records, Batch batch) throws ShipException {
        if (records.isEmpty()) {
            return;
        }
        try {
            queue.send(MessageCodec.encode(
                    records.stream().map(Batch.Sendable::json).toList()));
            counts.sent(records.size());
        } catch (RefusedMessageException e) {
            if (records.size() == 1) {
                batch.rejected.add(new Batch.Rejected(records.get(0).line(), String.valueOf(e.getMessage())));
                return;
            }
            for (Batch.Sendable record : records) {
                send(List.of(record), batch);
            }
        }
    }

    private void count(Batch batch) {
        counts.screenshots(batch.screenshots);
        batch.losses.forEach(loss -> counts.lostScreenshot(task.id(), loss));
        batch.rejected.forEach(rejected -> counts.rejected(task.id(), rejected.reason()));
    }

    private void removeFrame(Frame frame) throws IOException {
        try {
            task.removeFrame(frame.file());
        } catch (BrokenImageException e) {
            // Told as lost when the step was shipped; a name outside the folder is nothing that is ours to remove.
            return;
        }
    }

    /** Why a line that is a record cannot be sent all the same. */
    private static final class UnsendableException extends Exception {
        UnsendableException(String reason) {
            super(reason);
        }
    }
}
