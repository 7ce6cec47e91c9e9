package dev.steptrail.tracker;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * How far the writer thread has come with what was handed to it, and who waits for that. A place is the count of all that
 * was handed over before it, which may go on below zero: only differences count. Waiting takes no room in the queue, and leaves nothing behind. Thread-safe.
 */
final class WrittenSoFar {
    private record Waiter(int place, CompletableFuture<Boolean> reached) {}

    private final Queue<Waiter> waiters = new ConcurrentLinkedQueue<>();
    private volatile int place;

    /** All before {@code newPlace} is written or counted. */
    void reached(int newPlace) {
        place = newPlace;
        for (Waiter waiter : waiters) {
            if (waiter.place - newPlace <= 0) {
                waiter.reached.complete(true);
            }
        }
    }

    boolean has(int wanted) {
        return place - wanted >= 0;
    }

    /** Whether {@code wanted} was reached within {@code timeout}. */
    boolean await(int wanted, Duration timeout) throws InterruptedException {
        if (has(wanted)) {
            return true;
        }
        Waiter waiter = new Waiter(wanted, new CompletableFuture<>());
        waiters.add(waiter);
        try {
            // Asked again: the writer thread may have come by before it could see who waits.
            return has(wanted) || waiter.reached.get(TimeUnit.NANOSECONDS.convert(timeout), TimeUnit.NANOSECONDS);
        } catch (ExecutionException | TimeoutException e) {
            return false;
        } finally {
            waiters.remove(waiter);
        }
    }
}
