package dev.steptrail.shipper;

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
 * Ships tasks in rounds. A round takes a batch of each task in turn, uploads their screenshots, sends their messages, and advances
 * the tasks' counts. A failing task is left out of the rest of the pass, so that it delays no other. Not thread-safe.
 *
 * <p>Memory holds one round: at most 10 batches of 64 KiB, or a single larger record, and the screenshots that are being
 * uploaded. No batch is begun once 64 frames wait.
 */
final class Delivery {
    private static final int MAX_BATCHES = 10;
    private static final int MAX_FRAMES = 64;

    /** How many 8 MiB pieces of overlong lines are skipped in a round. */
    private static final int MAX_PIECES = 8;

    private static final long MAX_BYTES = MAX_BATCHES * (long) BatchRules.MAX_BYTES;

    private final BucketUploads uploads;
    private final ShipCounts counts;
    private final Clock clock;
    private final TaskFailures failures;
    private final MessageSender sender;
    private long turns;

    Delivery(StepQueue queue, BucketUploads uploads, ShipCounts counts, Clock clock, TaskFailures failures) {
        this.uploads = uploads;
        this.counts = counts;
        this.clock = clock;
        this.failures = failures;
        sender = new MessageSender(queue, uploads, counts, failures);
    }

    /**
     * Ships what is due. Errors of single tasks go to the pass's {@link TaskFailures}.
     *
     * @param flush whether to send lines without waiting for more
     * @param until when to begin no more rounds
     * @return the tasks with lines that are due and were not shipped by then
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
            sender.send(batches);
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

    /** Takes batches of each task in turn up to the limits; removes tasks that have no more from {@code turn}. */
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
            failures.fail(task, e);
            return null;
        }
    }
}
