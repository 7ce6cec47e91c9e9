package dev.steptrail.tracker;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the tracker says to people. A log that throws harms neither the agent nor the writer thread. */
final class TrackerLog {
    private static final Logger LOG = LoggerFactory.getLogger(StepTracker.class);

    private TrackerLog() {}

    static void warn(String message) {
        try {
            LOG.warn(message);
        } catch (RuntimeException e) {
            System.err.println(message + " (and the log failed: " + e + ")");
        }
    }
}
