package dev.steptrail.tracker;

import org.slf4j.LoggerFactory;

/** What the tracker says to people. A log that throws, errors too, harms neither the agent nor the writer thread. */
final class TrackerLog {
    private TrackerLog() {}

    static void warn(String message) {
        try {
            // Asked for here and not in a constant: a back end that cannot be loaded would throw at every call.
            LoggerFactory.getLogger(StepTracker.class).warn(message);
        } catch (Throwable e) {
            System.err.println(message + " (and the log failed: " + e.getClass().getName() + ")");
        }
    }
}
