package dev.steptrail.tracker;

import org.slf4j.LoggerFactory;

/** Logs warnings, and catches exceptions and errors of the logging back end, which must not reach the agent. */
final class TrackerLog {
    private TrackerLog() {}

    static void warn(String message) {
        try {
            // Not a constant: if the back end could not be loaded, initializing this class would throw.
            LoggerFactory.getLogger(StepTracker.class).warn(message);
        } catch (Throwable e) {
            System.err.println(message + " (logging failed: " + e.getClass().getName() + ")");
        }
    }
}
