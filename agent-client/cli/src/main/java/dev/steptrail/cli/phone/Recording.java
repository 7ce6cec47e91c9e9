package dev.steptrail.cli.phone;

import dev.steptrail.cli.command.SteptrailCommand;
import dev.steptrail.cli.terminal.Terminal;
import dev.steptrail.tracker.StepTracker;
import dev.steptrail.tracker.TrackerStats;
import dev.steptrail.tracker.internal.outbox.Outbox;
import java.io.IOException;
import java.io.PrintWriter;

/**
 * The recording of a command: an outbox, and the tracker that writes to it.
 *
 * @param outboxArgument what another command needs to use the same outbox
 * @param notices receives where the recording is, if it is not delivered
 */
record Recording(
        Outbox outbox, StepTracker tracker, String outboxArgument, PrintWriter notices, SteptrailCommand command)
        implements AutoCloseable {
    /**
     * Completes the recording, and delivers it if the tracker ships. Reports what was lost or not delivered. An
     * interruption before this call, which ended the task, does not cut it short.
     */
    @Override
    public void close() throws IOException {
        Thread.interrupted();
        tracker.close();
        TrackerStats stats = tracker.stats();
        if (!stats.droppedSteps().isEmpty() || !stats.droppedScreenshots().isEmpty() || stats.lostVerdicts() > 0) {
            command.printError("not recorded: steps " + stats.droppedSteps() + ", screenshots "
                    + stats.droppedScreenshots() + ", " + stats.lostVerdicts() + " verdicts; the last error is: "
                    + stats.lastError());
        }
        if (stats.writtenBytes() > 0 && !outbox.tasks().isEmpty() && !outbox.hasActiveShipper()) {
            notices.println(Terminal.printable(
                    "recorded in " + outbox.folder() + "; not delivered: run steptrail ship" + outboxArgument));
        }
    }
}
