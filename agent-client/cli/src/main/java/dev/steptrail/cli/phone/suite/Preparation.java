package dev.steptrail.cli.phone.suite;

import dev.steptrail.cli.judging.ExternalProgram;
import dev.steptrail.cli.phone.run.OpenPhone;
import dev.steptrail.phone.device.DeviceException;
import dev.steptrail.phone.device.Key;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Brings a phone into the state in which each task of a suite begins. Thread-safe.
 *
 * @param description a text that changes if the state changes
 */
record Preparation(String description, Action action) {
    /** Shows the home screen, so that a task does not begin in the app of the previous one. */
    static final Preparation HOME = new Preparation("home", (phone, caseId, waitAfterInput) -> {
        phone.device().press(Key.HOME);
        Thread.sleep(waitAfterInput.toMillis());
    });

    /** Does nothing: a task begins where the previous one ended. */
    static final Preparation NONE = new Preparation("none", (phone, caseId, waitAfterInput) -> {});

    /** Prepares a phone. */
    interface Action {
        /**
         * Prepares the phone.
         *
         * @param waitAfterInput the time to wait for the effect of an input on the screen
         * @throws DeviceException if the phone fails, so that the task must not run
         * @throws FailedException if the user's program fails, so that the task must not run
         */
        void prepare(OpenPhone phone, String caseId, Duration waitAfterInput)
                throws DeviceException, FailedException, InterruptedException;
    }

    /** Thrown if the user's program fails, which need not be the fault of the phone. */
    static final class FailedException extends Exception {
        FailedException(IOException cause) {
            super("before_each failed: " + cause.getMessage(), cause);
        }
    }

    /** Runs the user's program, which finds the phone and the case in environment variables. */
    static Preparation byProgram(List<String> command, Duration timeout) {
        ExternalProgram program = new ExternalProgram(command, timeout);
        return new Preparation(String.join(" ", command), (phone, caseId, waitAfterInput) -> {
            try {
                program.run(Map.of("ANDROID_SERIAL", phone.device().serial(), "STEPTRAIL_CASE", caseId));
            } catch (IOException e) {
                throw new FailedException(e);
            }
        });
    }
}
