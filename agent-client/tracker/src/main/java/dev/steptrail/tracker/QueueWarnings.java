package dev.steptrail.tracker;

import java.time.Duration;

/** What the log is told of a full queue: any thread notes what was dropped, the writer thread tells it. */
final class QueueWarnings {
    private final String picturesDropped;
    private final String stepsDropped;
    private final DropWarning pictures;
    private final DropWarning steps;
    private final DropWarning tasks;

    /** Dropping has ended when nothing was dropped for {@code quiet}. */
    QueueWarnings(int maxSteps, long maxPictureBytes, Duration quiet) {
        picturesDropped = "Pictures are being dropped: more than " + maxPictureBytes + " bytes of them would wait";
        stepsDropped = "Steps are being dropped: " + maxSteps + " of them wait to be written";
        pictures = new DropWarning(quiet, "Pictures are not dropped any more");
        steps = new DropWarning(quiet, "Steps are not dropped any more: there is room in the queue");
        tasks = new DropWarning(quiet, "Starts and ends of tasks are recorded again");
    }

    void pictureDropped() {
        pictures.dropped(picturesDropped);
    }

    void stepDropped() {
        steps.dropped(stepsDropped);
    }

    void taskDropped() {
        tasks.dropped("Starts and ends of tasks are not recorded: the queue is full");
    }

    /** Whether something was dropped whose end is to be told yet. */
    boolean areOpen() {
        return steps.isOpen() || pictures.isOpen() || tasks.isOpen();
    }

    void tell() {
        pictures.tell();
        steps.tell();
        tasks.tell();
    }
}
