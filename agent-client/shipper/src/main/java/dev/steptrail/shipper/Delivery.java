package dev.steptrail.shipper;

import dev.steptrail.stepformat.MessageBody;
import dev.steptrail.stepformat.MessageCodec;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Ships tasks in rounds. A round takes batches from the tasks in turn, uploads their screenshots, sends their messages,
 * and advances the shipped offsets of the tasks. A failing task is skipped for the rest of the pass, so that it does
 * not delay others. Not thread-safe.
 *
 * <p>Memory holds one round: at most 10 batches of 64 KiB, or a single larger record, and the screenshots that are
 * being uploaded. A round starts no further batch once its batches have 64 frames.
 */
final class Delivery {
    private static final int MAX_BATCHES = 10;
    private static final int MAX_FRAMES = 64;

    /** How many chunks of overlong lines, 8 MiB each, are skipped in a round. */
    private static final int MAX_SKIPPED_CHUNKS = 8;

    private static final long MAX_BYTES = MAX_BATCHES * (long) Batch.MAX_BYTES;

    private final StepQueue queue;
    private final BucketUploads uploads;
    private final ShipCounts counts;
    private final Clock clock;
    private final TaskFailures failures;
    private long turnCount;

    /** The message with all records of a batch, or a single one. */
    private record Message(Batch batch, List<Batch.EncodedRecord> records, MessageBody body) {
        static Message of(Batch batch, List<Batch.EncodedRecord> records) {
            return new Message(
                    batch,
                    records,
                    MessageCodec.encode(
                            records.stream().map(Batch.EncodedRecord::json).toList()));
        }
    }

    Delivery(StepQueue queue, BucketUploads uploads, ShipCounts counts, Clock clock, TaskFailures failures) {
        this.queue = queue;
        this.uploads = uploads;
        this.counts = counts;
        this.clock = clock;
        this.failures = failures;
    }

    /**
     * Ships the lines that are due. Errors of single tasks are added to the pass's {@link TaskFailures}.
     *
     * @param flush whether to send lines without waiting for more
     * @param deadline when to stop starting rounds
     * @return the tasks that still have lines to ship
     * @throws ShipException if nothing can be sent at all
     */
    Collection<TaskShipper> run(Collection<TaskShipper> tasks, boolean flush, Instant deadline) throws ShipException {
        Deque<TaskShipper> waiting = new ArrayDeque<>();
        tasks.stream()
                .sorted(Comparator.comparingLong(TaskShipper::lastTurn))
                .filter(task -> failures.attempt(task, task::startPass))
                .forEach(waiting::add);
        while (!waiting.isEmpty() && clock.instant().isBefore(deadline)) {
            runRound(waiting, flush);
            failures.removeSkipped(waiting);
        }
        return waiting;
    }

    private void runRound(Deque<TaskShipper> waiting, boolean flush) throws ShipException {
        List<Batch> batches = startBatches(waiting, flush);
        try {
            send(batches);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ShipException(ShipProblem.OTHER, "stopped while shipping", e);
        } finally {
            batches.forEach(Batch::cancel);
            for (TaskShipper task : batches.stream().map(Batch::task).distinct().toList()) {
                failures.attempt(task, () -> task.commitAcknowledged(counts));
            }
        }
    }

    /** Takes batches from the tasks in turn, up to the limits. Removes tasks that have no further batch. */
    private List<Batch> startBatches(Deque<TaskShipper> waiting, boolean flush) {
        List<Batch> batches = new ArrayList<>();
        long bytes = 0;
        int frames = 0;
        int skippedChunks = 0;
        while (!waiting.isEmpty()
                && batches.size() < MAX_BATCHES
                && bytes < MAX_BYTES
                && frames < MAX_FRAMES
                && skippedChunks < MAX_SKIPPED_CHUNKS) {
            TaskShipper task = waiting.remove();
            Batch batch = nextBatch(task, flush);
            if (batch != null) {
                batches.add(batch);
                bytes += batch.end() - batch.start();
                frames += batch.frameCount();
                waiting.add(task);
            } else if (task.isInsideOverlongLine()) {
                skippedChunks++;
                waiting.add(task);
            }
        }
        return batches;
    }

    private @Nullable Batch nextBatch(TaskShipper task, boolean flush) {
        try {
            return task.nextBatch(clock.instant(), flush, ++turnCount, uploads);
        } catch (IOException | RuntimeException | VirtualMachineError e) {
            failures.fail(task, e);
            return null;
        }
    }

    /**
     * Waits for the uploads of the batches, and sends their messages.
     *
     * @throws ShipException if nothing can be sent at all
     */
    private void send(List<Batch> batches) throws ShipException, InterruptedException {
        List<Message> messages = new ArrayList<>();
        for (Batch batch : batches) {
            buildMessage(batch).ifPresent(messages::add);
        }
        for (List<Message> request : StepQueue.splitIntoRequests(messages, Message::body)) {
            List<StepQueue.SendResult> results =
                    queue.send(request.stream().map(Message::body).toList());
            for (int i = 0; i < request.size(); i++) {
                if (isDelivered(request.get(i), results.get(i))) {
                    Batch batch = request.get(i).batch();
                    batch.task().acknowledge(batch);
                }
            }
        }
    }

    /** Waits for the uploads of a batch and returns its message; empty if an upload failed or no line can be sent. */
    private Optional<Message> buildMessage(Batch batch) throws InterruptedException {
        if (failures.isSkipped(batch.task())) {
            return Optional.empty();
        }
        try {
            List<Batch.EncodedRecord> records = batch.encodeRecords(uploads);
            if (!records.isEmpty()) {
                return Optional.of(Message.of(batch, records));
            }
            batch.task().acknowledge(batch);
        } catch (ShipException e) {
            failures.block(batch.task(), e);
        } catch (IOException | RuntimeException | VirtualMachineError e) {
            failures.fail(batch.task(), e);
        }
        return Optional.empty();
    }

    /**
     * Returns whether SQS has accepted or rejected all records of a message. If it rejected a message of several
     * records, sends each record in a message of its own, to find the invalid one.
     */
    private boolean isDelivered(Message message, StepQueue.SendResult result) throws ShipException {
        Batch batch = message.batch();
        if (result instanceof StepQueue.SendResult.Retryable retryable) {
            failures.block(batch.task(), retryable.reason());
            return false;
        }
        if (result instanceof StepQueue.SendResult.Rejected rejected) {
            if (message.records().size() == 1) {
                batch.reject(message.records().get(0).line(), rejected.reason());
                return true;
            }
            boolean isDelivered = true;
            for (Batch.EncodedRecord record : message.records()) {
                Message single = Message.of(batch, List.of(record));
                isDelivered &=
                        isDelivered(single, queue.send(List.of(single.body())).get(0));
            }
            return isDelivered;
        }
        counts.messages.increment();
        counts.records.add(message.records().size());
        counts.steps.add(
                message.records().stream().filter(Batch.EncodedRecord::isStep).count());
        return true;
    }
}
