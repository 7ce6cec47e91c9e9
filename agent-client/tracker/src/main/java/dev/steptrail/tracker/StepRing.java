package dev.steptrail.tracker;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Numbers what an agent's threads record, and keeps it for one consumer in the order of the numbers. Number and place are
 * taken together by one compare-and-set, so that no step of a task comes before its start or after its end, and none is
 * numbered but the task's own.
 *
 * <p>Bounded, and lock-free: any number of threads may record, none of them ever waits for another. One thread at a time
 * may {@link #begin} and {@link #end}, and one {@link #poll}.
 */
final class StepRing {
    /** What {@link #offer} answers if no task is open. */
    static final int NO_TASK = 0;

    /** What {@link #offer} answers if too many steps wait. */
    static final int FULL = -1;

    /** Instead of the last number: no task is open. The number after this is {@link #NO_TASK}. */
    private static final int NONE = -1;

    private static final long NEXT_PLACE = 1L << Integer.SIZE;

    /** Two counters, so far apart that the consumer's is in no cache line that the agent's threads write to. */
    private static final int LAST = 16;

    private static final int CONSUMED = 32;

    /** {@link #LAST}: the next place, and the last number below it; {@link #CONSUMED}: how many places are free again. */
    private final AtomicLongArray counters = new AtomicLongArray(48);

    private final AtomicReferenceArray<@Nullable Object> events;
    private final int[] numbers;
    private final int mask;
    private final int maxSteps;
    private final int maxEvents;

    /** Changed only while no task is open, so that whoever then takes a number knows whose it is. */
    private volatile @Nullable OpenTask open;

    /** Whose steps the consumer is taking. */
    private @Nullable OpenTask taken;

    /**
     * @param reserve places beyond {@code maxSteps} for starts and ends
     * @param firstPlace where {@link #place} begins to count
     */
    StepRing(int maxSteps, int reserve, int firstPlace) {
        this.maxSteps = maxSteps;
        this.maxEvents = maxSteps + reserve;
        int places = Integer.highestOneBit(maxEvents - 1) << 1;
        events = new AtomicReferenceArray<>(places);
        numbers = new int[places];
        mask = places - 1;
        counters.set(LAST, joined(firstPlace, NONE));
        counters.set(CONSUMED, firstPlace);
    }

    /**
     * Keeps a step of the open task.
     *
     * @return its number, {@link #NO_TASK}, or {@link #FULL}, for which no number is taken
     */
    int offer(StepData step) {
        while (true) {
            long last = counters.get(LAST);
            int number = (int) last + 1;
            int place = placeIn(last);
            if (number <= 0) {
                return NO_TASK;
            }
            if (place - consumed() >= maxSteps) {
                return FULL;
            }
            if (counters.weakCompareAndSetVolatile(LAST, last, last + NEXT_PLACE + 1)) {
                put(place, number, step);
                return number;
            }
        }
    }

    /**
     * Takes a number for a step that is not kept, so that its gap shows, and counts it as a loss of its task.
     *
     * @return the number, or {@link #NO_TASK}
     */
    int drop(DropReason why) {
        while (true) {
            long last = counters.get(LAST);
            OpenTask task = open;
            int number = (int) last + 1;
            if (number <= 0) {
                return NO_TASK;
            }
            if (counters.weakCompareAndSetVolatile(LAST, last, last + 1)) {
                Objects.requireNonNull(task).droppedSteps.add(why);
                return number;
            }
        }
    }

    /** Opens a task, while none is; false if even the reserve is used up, and no task is open then. */
    boolean begin(OpenTask task) {
        open = task;
        return putControl(0, task);
    }

    /** Ends the open task, which takes no more numbers; false if its end found no place. */
    boolean end(TaskEnding ending) {
        boolean kept = putControl(NONE, ending);
        if (!kept) {
            counters.updateAndGet(LAST, last -> joined(placeIn(last), NONE));
        }
        return kept;
    }

    private boolean putControl(int lastNumber, Object event) {
        while (true) {
            long last = counters.get(LAST);
            int place = placeIn(last);
            if (place - consumed() >= maxEvents) {
                return false;
            }
            if (counters.weakCompareAndSetVolatile(LAST, last, joined(place + 1, lastNumber))) {
                put(place, (int) last, event);
                return true;
            }
        }
    }

    private void put(int place, int number, Object event) {
        numbers[place & mask] = number;
        events.setRelease(place & mask, event);
    }

    /** The next event, or null if there is none. */
    @Nullable
    TrackerEvent poll() {
        int place = consumed();
        Object event = events.getAcquire(place & mask);
        while (event == null) {
            if (isEmpty()) {
                return null;
            }
            // Its place is taken, and it is about to be put there.
            Thread.onSpinWait();
            event = events.getAcquire(place & mask);
        }
        // Made before its place is given free: where there is no memory for it, it stays.
        TrackerEvent next = taken(event, numbers[place & mask]);
        events.setPlain(place & mask, null);
        counters.setRelease(CONSUMED, place + 1);
        return next;
    }

    private TrackerEvent taken(Object event, int number) {
        if (event instanceof OpenTask begun) {
            taken = begun;
            return new TrackerEvent.Started(begun);
        }
        OpenTask task = Objects.requireNonNull(taken);
        return event instanceof TaskEnding ending
                ? new TrackerEvent.Ended(task, ending.of(task.id(), number))
                : new TrackerEvent.Recorded(task, number, (StepData) event);
    }

    boolean isEmpty() {
        return place() == consumed();
    }

    int size() {
        return place() - consumed();
    }

    /** How many events were kept so far; it goes on below zero after 2³¹ of them, so that only differences count. */
    int place() {
        return placeIn(counters.get(LAST));
    }

    /** How many of them were taken, counted likewise. */
    int consumed() {
        return (int) counters.getAcquire(CONSUMED);
    }

    private static long joined(int place, int lastNumber) {
        return ((long) place << Integer.SIZE) | Integer.toUnsignedLong(lastNumber);
    }

    private static int placeIn(long last) {
        return (int) (last >>> Integer.SIZE);
    }
}
