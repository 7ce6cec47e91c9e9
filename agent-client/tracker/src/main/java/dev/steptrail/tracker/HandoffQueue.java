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

    /** So long the writer thread lets work gather before it asks to be woken: to wake it costs an agent microseconds. */
    private static final Duration NAP = Duration.ofMillis(1);

    private final StepRing events;
    private final Duration quiet;
    private final PictureBytes pictureBytes;
    private final WrittenSoFar written = new WrittenSoFar();
    private final String picturesDropped;
    private final String stepsDropped;
    private final DropWarning pictureWarning;
    private final DropWarning stepWarning;
    private final DropWarning taskWarning;

    private volatile @Nullable Thread consumer;
    private volatile boolean asleep;
    private volatile boolean closed;
    private volatile boolean finished;

    /** Tells that dropping has ended when nothing was dropped for {@code quiet}. */
    HandoffQueue(int maxSteps, long maxPictureBytes, Duration quiet) {
        this.events = new StepRing(maxSteps, RESERVE, 0);
        this.pictureBytes = new PictureBytes(maxPictureBytes);
        this.quiet = quiet;
        this.picturesDropped = "Pictures are being dropped: more than " + maxPictureBytes + " bytes of them would wait";
        this.stepsDropped = "Steps are being dropped: " + maxSteps + " of them wait to be written";
        this.pictureWarning = new DropWarning(quiet, "Pictures are not dropped any more");
        this.stepWarning = new DropWarning(quiet, "Steps are not dropped any more: there is room in the queue");
        this.taskWarning = new DropWarning(quiet, "Starts and ends of tasks are recorded again");
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
        if (asleep) {
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
        pictureWarning.dropped(picturesDropped);
        return step.withoutPictures();
    }

    private int dropForWantOfRoom() {
        stepWarning.dropped(stepsDropped);
        return events.drop(DropReason.QUEUE_FULL);
    }

    private void wake() {
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
            taskWarning.dropped("Starts and ends of tasks are not recorded: the queue is full");
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
        tell();
        // A thread that stays interrupted can neither sleep nor write; to end this one is for close alone.
        Thread.interrupted();
        TrackerEvent event = events.poll();
        if (event == null) {
            boolean open = stepWarning.isOpen() || pictureWarning.isOpen() || taskWarning.isOpen();
            await(open ? shorter(timeout, quiet) : timeout);
            tell();
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

    private void tell() {
        pictureWarning.tell();
        stepWarning.tell();
        taskWarning.tell();
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private void await(Duration timeout) {
        consumer = Thread.currentThread();
        if (isIdle()) {
            LockSupport.parkNanos(this, NAP.toNanos());
        }
        asleep = true;
        if (isIdle()) {
            LockSupport.parkNanos(this, timeout.toNanos());
        }
        asleep = false;
        Thread.interrupted();
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
