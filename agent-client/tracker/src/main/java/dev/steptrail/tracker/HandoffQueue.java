package dev.steptrail.tracker;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Between the agent's threads and the writer thread: bounded by steps and by bytes of pictures, so that a slow disk costs
 * the agent neither time nor memory. Any number of threads may offer, and none of them ever waits; one alone may poll.
 */
final class HandoffQueue {
    /** Places beyond the bound for what must not be dropped: starts and ends. */
    private static final int RESERVE = 256;

    /** So often the writer thread looks for work by itself: to wake it costs an agent a tenth of a millisecond and more. */
    private static final Duration NAP = Duration.ofMillis(20);

    /** So long after its last work it does; then it sleeps until it is woken. */
    private static final Duration NAPS = Duration.ofSeconds(1);

    /** The part of each bound that may be taken before a nap is cut short. */
    private static final int CROWDED = 4;

    private final int crowdedSteps;
    private final long crowdedPictureBytes;
    private final StepRing events;
    private final Duration quiet;
    private final PictureBytes pictureBytes;
    private final WrittenSoFar written = new WrittenSoFar();
    private final QueueWarnings warnings;

    private volatile @Nullable Thread consumer;
    private volatile boolean napping;
    private volatile boolean asleep;
    private volatile boolean closed;
    private volatile boolean finished;

    /** Tells that dropping has ended when nothing was dropped for {@code quiet}. */
    HandoffQueue(int maxSteps, long maxPictureBytes, Duration quiet) {
        this.events = new StepRing(maxSteps, RESERVE, 0);
        this.pictureBytes = new PictureBytes(maxPictureBytes);
        this.quiet = quiet;
        this.crowdedSteps = maxSteps / CROWDED;
        this.crowdedPictureBytes = maxPictureBytes / CROWDED;
        this.warnings = new QueueWarnings(maxSteps, maxPictureBytes, quiet);
    }

    /**
     * Takes the next step of the open task, without its pictures where these are too many, or drops and counts it.
     *
     * @return its number, taken even for a step that is dropped; 0 if no task is open
     */
    int record(@Nullable StepData step) {
        if (step == null) {
            return events.drop(DropReason.INVALID);
        }
        StepData kept = step.pictureBytes == 0 ? step : withPicturesThatFit(step);
        int number = events.offer(kept);
        if (number <= 0) {
            pictureBytes.release(kept.pictureBytes);
            return number == StepRing.FULL ? dropForWantOfRoom() : number;
        }
        if (asleep || (napping && isCrowded())) {
            // The offer moved a counter, which the consumer looks at after it has said that it sleeps: none is
            // overlooked.
            wake();
        }
        return number;
    }

    private StepData withPicturesThatFit(StepData step) {
        if (pictureBytes.reserve(step.pictureBytes)) {
            return step;
        }
        warnings.pictureDropped();
        return step.withoutPictures();
    }

    private int dropForWantOfRoom() {
        warnings.stepDropped();
        if (napping) {
            wake();
        }
        return events.drop(DropReason.QUEUE_FULL);
    }

    private boolean isCrowded() {
        return events.size() >= crowdedSteps || pictureBytes.waiting() >= crowdedPictureBytes;
    }

    private void wake() {
        napping = false;
        asleep = false;
        LockSupport.unpark(consumer);
        if (finished) {
            asleep = true;
            countTheRest();
        }
    }

    /** Opens a task, while none is, and wakes the writer thread; false if even the reserve is used up: none is open then. */
    boolean begin(OpenTask task) {
        return woken(events.begin(task));
    }

    /** Ends the open task, and wakes the writer thread; false if its end could not be kept. */
    boolean end(TaskEnding ending) {
        return woken(events.end(ending));
    }

    private boolean woken(boolean taken) {
        if (!taken) {
            warnings.taskDropped();
        }
        LockSupport.unpark(consumer);
        return taken;
    }

    /** Lets nobody wait for more. */
    void close() {
        closed = true;
        LockSupport.unpark(consumer);
    }

    boolean isClosed() {
        return closed;
    }

    /** How many events were taken so far; what {@link #awaitWritten} and {@link #isWritten} ask for. */
    int place() {
        return events.place();
    }

    /** Whether all before {@code place} is written or counted. */
    boolean isWritten(int place) {
        return written.has(place);
    }

    /** The same, waiting for it up to {@code timeout}. */
    boolean awaitWritten(int place, Duration timeout) throws InterruptedException {
        LockSupport.unpark(consumer);
        return written.await(place, timeout);
    }

    /**
     * The next event; null if there is none for {@code timeout}, or, once this is closed, at all. To ask for it says that
     * the one before is done with.
     */
    @Nullable
    TrackerEvent poll(Duration timeout) {
        written.reached(events.consumed());
        warnings.tell();
        // A thread that stays interrupted can neither sleep nor write; to end this one is for close alone.
        Thread.interrupted();
        TrackerEvent event = events.poll();
        if (event == null) {
            await(warnings.areOpen() ? shorter(timeout, quiet) : timeout);
            warnings.tell();
            event = events.poll();
        }
        if (event instanceof TrackerEvent.Recorded step) {
            pictureBytes.release(step.data().pictureBytes);
        }
        return event;
    }

    /** Says that nobody will poll any more: what is or will be offered all the same is counted as lost. */
    void finish() {
        finished = true;
        // Whoever offers from now on comes by and looks.
        asleep = true;
        countTheRest();
    }

    /** What an agent's thread offered while another one closed the tracker. */
    private synchronized void countTheRest() {
        for (TrackerEvent event = events.poll(); event != null; event = events.poll()) {
            if (event instanceof TrackerEvent.Recorded step) {
                pictureBytes.release(step.data().pictureBytes);
                step.task().droppedSteps.add(DropReason.CLOSED);
            }
        }
        written.reached(events.consumed());
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private void await(Duration timeout) {
        consumer = Thread.currentThread();
        long begun = System.nanoTime();
        nap(shorter(timeout, NAPS), begun);
        asleep = true;
        if (isIdle()) {
            LockSupport.parkNanos(this, timeout.toNanos() - (System.nanoTime() - begun));
        }
        asleep = false;
        Thread.interrupted();
    }

    private void nap(Duration longest, long begun) {
        // Said first and looked after: whoever fills the queue meanwhile sees it.
        napping = true;
        while (isIdle() && System.nanoTime() - begun < longest.toNanos()) {
            LockSupport.parkNanos(this, NAP.toNanos());
            Thread.interrupted();
            napping = true;
        }
        napping = false;
    }

    private boolean isIdle() {
        return events.isEmpty() && !closed;
    }

    int size() {
        return events.size();
    }

    long pictureBytes() {
        return pictureBytes.waiting();
    }
}
