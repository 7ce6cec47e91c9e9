package dev.steptrail.tracker;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Where a run of {@link PhoneAgent} is recorded: in a tracker, or nowhere. */
sealed interface Recorder {
    /** Returns the id under which the run is recorded; null if it is not. */
    @Nullable
    UUID started(String task);

    void recorded(StepData step);

    void ended(RunResult result);

    /** Whether a picture of the screen after the action is of use. */
    boolean wantsFrames();

    /** Into {@code tracker}. */
    record ToTracker(StepTracker tracker) implements Recorder {
        @Override
        public UUID started(String task) {
            return tracker.taskStarted(TaskInfo.of(task));
        }

        @Override
        public void recorded(StepData step) {
            tracker.record(step);
        }

        @Override
        public void ended(RunResult result) {
            tracker.taskEnded(result.status(), result.ending(), result.message());
        }

        @Override
        public boolean wantsFrames() {
            return true;
        }
    }

    /** Nowhere. */
    record None() implements Recorder {
        @Override
        public @Nullable UUID started(String task) {
            return null;
        }

        @Override
        public void recorded(StepData step) {}

        @Override
        public void ended(RunResult result) {}

        @Override
        public boolean wantsFrames() {
            return false;
        }
    }
}
