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
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One pass over tasks, in rounds: each task in turn gives a batch, their pictures are stored together, their messages are
 * sent together, and what SQS has counts as shipped. A task that fails is left out of the rest of the pass, and so holds up
 * no other. Not thread-safe.
 *
 * <p>In memory is one round: at most 10 batches of 64 KiB, or one record alone that is larger, and the pictures that are
 * being stored; no batch is begun once 64 pictures wait.
 */
final class Delivery {
    private static final int MAX_BATCHES = 10;
    private static final int MAX_FRAMES = 64;

    /** So many pieces of lines longer than any record are gone through in a round, 64 MiB. */
    private static final int MAX_PIECES = 8;

    private static final long MAX_BYTES = MAX_BATCHES * (long) BatchRules.MAX_BYTES;

    private final StepQueue queue;
    private final ShipCounts counts;
    private final Clock clock;
    private final BucketUploads uploads;
    private final BiConsumer<TaskShipper, Exception> broken;
    private final Set<TaskShipper> leftOut = new HashSet<>();
    private @Nullable ShipException problem;
    private long turns;

    /** A message and the batch that it is of. */
    private record Outgoing(Batch batch, List<Batch.Sendable> records, MessageBody body) {
        static Outgoing of(Batch batch, List<Batch.Sendable> records) {
            return new Outgoing(
                    batch,
                    records,
                    MessageCodec.encode(
                            records.stream().map(Batch.Sendable::json).toList()));
        }
    }

    Delivery(
            StepQueue queue,
            BucketUploads uploads,
            ShipCounts counts,
            Clock clock,
            BiConsumer<TaskShipper, Exception> broken) {
        this.queue = queue;
        this.counts = counts;
        this.clock = clock;
        this.uploads = uploads;
        this.broken = broken;
    }

    /**
     * Delivers what is due.
     *
     * @param flush to let no line wait for others
     * @param until when to begin no more rounds
     * @return the tasks of which more is due than was delivered until then
     * @throws ShipException if something was kept from it by the queue or the bucket
     */
    Collection<TaskShipper> run(Collection<TaskShipper> tasks, boolean flush, Instant until) throws ShipException {
        leftOut.clear();
        problem = null;
        Deque<TaskShipper> turn = new ArrayDeque<>();
        tasks.stream()
                .sorted(Comparator.comparingLong(TaskShipper::lastTurn))
                .filter(task -> attempt(task, task::begin))
                .forEach(turn::add);
        while (!turn.isEmpty() && clock.instant().isBefore(until)) {
            round(turn, flush);
            turn.removeIf(leftOut::contains);
        }
        if (problem != null) {
            throw problem;
        }
        return turn;
    }

    private void round(Deque<TaskShipper> turn, boolean flush) throws ShipException {
        List<Batch> batches = begin(turn, flush);
        try {
            List<Outgoing> messages = new ArrayList<>();
            for (Batch batch : batches) {
                messages.addAll(messages(batch));
            }
            send(messages);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ShipException(ShipProblem.OTHER, "stopped while shipping", e);
        } finally {
            batches.forEach(Batch::cancel);
            for (TaskShipper task : batches.stream().map(Batch::task).distinct().toList()) {
                attempt(task, () -> task.settle(counts));
            }
        }
    }

    /** A batch of each task in turn until enough are on their way; a task that has no more loses its turn. */
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
            return task.next(clock.instant(), flush, ++turns, frame -> uploads.store(task, frame));
        } catch (IOException | RuntimeException | VirtualMachineError e) {
            fail(task, e);
            return null;
        }
    }

    /** The messages of a batch whose pictures are stored; none if they cannot be, or there is nothing to send. */
    private List<Outgoing> messages(Batch batch) throws InterruptedException {
        if (leftOut.contains(batch.task())) {
            return List.of();
        }
        try {
            List<Outgoing> messages = split(batch, batch.records(uploads));
            batch.awaitAnswers(messages.size());
            noteIfDelivered(batch);
            return messages;
        } catch (ShipException e) {
            keep(batch.task(), e);
        } catch (IOException | RuntimeException | VirtualMachineError e) {
            fail(batch.task(), e);
        }
        return List.of();
    }

    /** One message, or, where its records grew by their screenshots, as many as it takes. */
    private static List<Outgoing> split(Batch batch, List<Batch.Sendable> records) {
        if (records.isEmpty()) {
            return List.of();
        }
        Outgoing whole = Outgoing.of(batch, records);
        if (records.size() == 1 || whole.body().text().length() <= PayloadShipper.MAX_BODY_BYTES) {
            return List.of(whole);
        }
        int half = records.size() / 2;
        List<Outgoing> parts = new ArrayList<>(split(batch, records.subList(0, half)));
        parts.addAll(split(batch, records.subList(half, records.size())));
        return parts;
    }

    private void send(List<Outgoing> messages) throws ShipException {
        List<Outgoing> left = messages;
        while (!left.isEmpty()) {
            List<Outgoing> instead = new ArrayList<>();
            for (List<Outgoing> pack : MessagePacks.of(left, Outgoing::body)) {
                List<StepQueue.Answer> answers =
                        queue.send(pack.stream().map(Outgoing::body).toList());
                for (int i = 0; i < pack.size(); i++) {
                    instead.addAll(hear(pack.get(i), answers.get(i)));
                }
            }
            left = instead;
        }
    }

    /** What is to be sent instead of a message: if it is refused, each record in one of its own, to find the bad one. */
    private List<Outgoing> hear(Outgoing message, StepQueue.Answer answer) {
        Batch batch = message.batch();
        List<Outgoing> instead = List.of();
        if (answer instanceof StepQueue.Answer.Later later) {
            keep(batch.task(), later.reason());
            return instead;
        } else if (answer instanceof StepQueue.Answer.Accepted) {
            counts.sent(
                    message.records().size(),
                    message.records().stream().filter(Batch.Sendable::isStep).count());
        } else if (answer instanceof StepQueue.Answer.Refused refused) {
            if (message.records().size() == 1) {
                batch.reject(message.records().get(0).line(), refused.reason());
            } else {
                instead = message.records().stream()
                        .map(record -> Outgoing.of(batch, List.of(record)))
                        .toList();
            }
        }
        batch.awaitAnswers(instead.size() - 1);
        noteIfDelivered(batch);
        return instead;
    }

    private static void noteIfDelivered(Batch batch) {
        if (batch.isDelivered()) {
            batch.task().delivered(batch);
        }
    }

    /** Work on the folder of a task. */
    @FunctionalInterface
    private interface FolderWork {
        void run() throws IOException;
    }

    private boolean attempt(TaskShipper task, FolderWork work) {
        try {
            work.run();
            return true;
        } catch (IOException | RuntimeException | VirtualMachineError e) {
            fail(task, e);
            return false;
        }
    }

    /** What nobody thought of costs its task alone, and so does a picture too large for the memory there is. */
    private void fail(TaskShipper task, Throwable e) {
        leftOut.add(task);
        broken.accept(task, e instanceof Exception thrown ? thrown : new IOException(e.toString(), e));
    }

    private void keep(TaskShipper task, ShipException e) {
        leftOut.add(task);
        problem = problem == null ? e : problem;
    }
}
