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
import org.jspecify.annotations.Nullable;

/**
 * Ships tasks in rounds. A round takes batches from the tasks in turn, uploads their screenshots, sends their messages,
 * and advances the tasks' counts. A failing task is skipped for the rest of the pass, so that it does not delay others.
 * Not thread-safe.
 *
 * <p>Memory holds one round: at most 10 batches of 64 KiB, or a single larger record, and the screenshots that are
 * being uploaded. No batch is started once 64 frames wait.
 */
final class Delivery {
    private static final int MAX_BATCHES = 10;
    private static final int MAX_FRAMES = 64;

    /** How many 8 MiB pieces of overlong lines are skipped in a round. */
    private static final int MAX_PIECES = 8;

    private static final long MAX_BYTES = MAX_BATCHES * (long) BatchPolicy.MAX_BYTES;

    private final StepQueue queue;
    private final BucketUploads uploads;
    private final ShipCounts counts;
    private final Clock clock;
    private final TaskFailures failures;
    private long turns;

    /** A message with some records of a batch. */
    private record Message(Batch batch, List<Batch.Sendable> records, MessageBody body) {
        static Message of(Batch batch, List<Batch.Sendable> records) {
            return new Message(
                    batch,
                    records,
                    MessageCodec.encode(
                            records.stream().map(Batch.Sendable::json).toList()));
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
     * @param until when to stop starting rounds
     * @return the tasks that still have lines to ship
     * @throws ShipException if nothing can be sent at all
     */
    Collection<TaskShipper> run(Collection<TaskShipper> tasks, boolean flush, Instant until) throws ShipException {
        Deque<TaskShipper> turn = new ArrayDeque<>();
        tasks.stream()
                .sorted(Comparator.comparingLong(TaskShipper::lastTurn))
                .filter(task -> failures.attempt(task, task::begin))
                .forEach(turn::add);
        while (!turn.isEmpty() && clock.instant().isBefore(until)) {
            round(turn, flush);
            failures.removeLeftOut(turn);
        }
        return turn;
    }

    private void round(Deque<TaskShipper> turn, boolean flush) throws ShipException {
        List<Batch> batches = begin(turn, flush);
        try {
            send(batches);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ShipException(ShipProblem.OTHER, "stopped while shipping", e);
        } finally {
            batches.forEach(Batch::cancel);
            for (TaskShipper task : batches.stream().map(Batch::task).distinct().toList()) {
                failures.attempt(task, () -> task.settle(counts));
            }
        }
    }

    /** Takes batches from the tasks in turn up to the limits. Removes tasks without more batches from {@code turn}. */
    private List<Batch> begin(Deque<TaskShipper> turn, boolean flush) {
        List<Batch> batches = new ArrayList<>();
        long bytes = 0;
        int frames = 0;
        int pieces = 0;
        while (!turn.isEmpty()
                && batches.size() < MAX_BATCHES
                && bytes < MAX_BYTES
                && frames < MAX_FRAMES
                && pieces < MAX_PIECES) {
            TaskShipper task = turn.remove();
            Batch batch = next(task, flush);
            if (batch != null) {
                batches.add(batch);
                bytes += batch.end() - batch.start();
                frames += batch.frameCount();
                turn.add(task);
            } else if (task.isWithinLongLine()) {
                pieces++;
                turn.add(task);
            }
        }
        return batches;
    }

    private @Nullable Batch next(TaskShipper task, boolean flush) {
        try {
            return task.next(clock.instant(), flush, ++turns, frame -> uploads.store(task.task(), frame));
        } catch (IOException | RuntimeException | VirtualMachineError e) {
            failures.fail(task, e);
            return null;
        }
    }

    /**
     * Waits for the uploads of the batches, and sends all their messages.
     *
     * @throws ShipException if nothing can be sent at all
     */
    private void send(List<Batch> batches) throws ShipException, InterruptedException {
        List<Message> unsent = new ArrayList<>();
        for (Batch batch : batches) {
            unsent.addAll(messages(batch));
        }
        while (!unsent.isEmpty()) {
            List<Message> smaller = new ArrayList<>();
            for (List<Message> pack : BatchPolicy.splitIntoRequests(unsent, Message::body)) {
                List<StepQueue.Answer> answers =
                        queue.send(pack.stream().map(Message::body).toList());
                for (int i = 0; i < pack.size(); i++) {
                    smaller.addAll(handleResult(pack.get(i), answers.get(i)));
                }
            }
            unsent = smaller;
        }
    }

    /** Returns the messages of a batch after its uploads; none if an upload failed, or if there is nothing to send. */
    private List<Message> messages(Batch batch) throws InterruptedException {
        if (failures.isLeftOut(batch.task())) {
            return List.of();
        }
        try {
            List<Message> messages = split(batch, batch.records(uploads));
            batch.awaitAnswers(messages.size());
            addIfDelivered(batch);
            return messages;
        } catch (ShipException e) {
            failures.block(batch.task(), e);
        } catch (IOException | RuntimeException | VirtualMachineError e) {
            failures.fail(batch.task(), e);
        }
        return List.of();
    }

    /** Returns one message, or several if the records, with their screenshots added, are too large for one. */
    private static List<Message> split(Batch batch, List<Batch.Sendable> records) {
        if (records.isEmpty()) {
            return List.of();
        }
        Message whole = Message.of(batch, records);
        if (records.size() == 1 || whole.body().text().length() <= BucketUploads.MAX_BODY_BYTES) {
            return List.of(whole);
        }
        int half = records.size() / 2;
        List<Message> parts = new ArrayList<>(split(batch, records.subList(0, half)));
        parts.addAll(split(batch, records.subList(half, records.size())));
        return parts;
    }

    /**
     * Handles the result of a message. Returns the messages to send in its place: if it was rejected, one for each
     * record, to find the bad one.
     */
    private List<Message> handleResult(Message message, StepQueue.Answer answer) {
        Batch batch = message.batch();
        List<Message> instead = List.of();
        if (answer instanceof StepQueue.Answer.Retryable retryable) {
            failures.block(batch.task(), retryable.reason());
            return instead;
        } else if (answer instanceof StepQueue.Answer.Accepted) {
            counts.messages.increment();
            counts.records.add(message.records().size());
            counts.steps.add(
                    message.records().stream().filter(Batch.Sendable::isStep).count());
        } else if (answer instanceof StepQueue.Answer.Rejected rejected) {
            if (message.records().size() == 1) {
                batch.reject(message.records().get(0).line(), rejected.reason());
            } else {
                instead = message.records().stream()
                        .map(record -> Message.of(batch, List.of(record)))
                        .toList();
            }
        }
        batch.awaitAnswers(instead.size() - 1);
        addIfDelivered(batch);
        return instead;
    }

    private static void addIfDelivered(Batch batch) {
        if (batch.isDelivered()) {
            batch.task().delivered(batch);
        }
    }
}
