package dev.steptrail.cli.phone.suite;

import dev.steptrail.cli.judging.ExternalProgram;
import dev.steptrail.cli.phone.run.OpenPhone;
import dev.steptrail.phone.device.DeviceException;
import dev.steptrail.phone.device.Key;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Brings a phone into the state in which each task of a suite begins. Thread-safe. */
sealed interface Preparation {
    /**
     * Prepares the phone.
     *
     * @param waitAfterInput the time to wait for the effect of an input on the screen
     * @throws DeviceException if the phone fails, so that the task must not run
     * @throws FailedException if the user's program fails, so that the task must not run
     */
    void prepare(OpenPhone phone, String caseId, Duration waitAfterInput)
            throws DeviceException, FailedException, InterruptedException;

    /** Returns a text that changes if the state changes in which tasks begin. */
    String description();

    /** Thrown if the user's program fails, which need not be the fault of the phone. */
    final class FailedException extends Exception {
        FailedException(IOException cause) {
            super("before_each failed: " + cause.getMessage(), cause);
        }
    }

    /** Shows the home screen, so that a task does not begin in the app of the previous one. */
    record Home() implements Preparation {
        @Override
        public void prepare(OpenPhone phone, String caseId, Duration waitAfterInput)
                throws DeviceException, InterruptedException {
            phone.device().press(Key.HOME);
            Thread.sleep(waitAfterInput.toMillis());
        }

        @Override
        public String description() {
            return "home";
        }
    }

    /** Does nothing: a task begins where the previous one ended. */
    record None() implements Preparation {
        @Override
        public void prepare(OpenPhone phone, String caseId, Duration waitAfterInput) {}

        @Override
        public String description() {
            return "none";
        }
    }

    /** Runs the user's program, which finds the phone and the case in environment variables. */
    record Command(List<String> words, ExternalProgram program) implements Preparation {
        @Override
        public void prepare(OpenPhone phone, String caseId, Duration waitAfterInput)
                throws FailedException, InterruptedException {
            try {
                program.run(Map.of("ANDROID_SERIAL", phone.device().serial(), "STEPTRAIL_CASE", caseId));
            } catch (IOException e) {
                throw new FailedException(e);
            }
        }

        @Override
        public String description() {
            return String.join(" ", words);
        }
    }
}
