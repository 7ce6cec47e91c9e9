package dev.steptrail.cli;

import dev.steptrail.shipper.ShipCounts;
import dev.steptrail.shipper.state.TaskBacklog;
import dev.steptrail.tracker.outbox.OutboxTask;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Option;

/**
 * Shows a person how far a drain has come, in one line of the terminal that is drawn anew four times a second and is gone at
 * the end. Where standard error is no terminal nothing is written.
 */
final class ProgressBar {
    /** By the start script, which can tell, as Java cannot, whether standard error is a terminal. */
    private static final String TERMINAL = "steptrail.terminal";

    /** Begins the line anew; clears what is behind it. */
    private static final String BEGIN = "\r";

    private static final String CLEAR_REST = "\u001b[K";

    private static final long BETWEEN_MILLIS = 250;

    @Option(names = "--no-progress", description = "Show no progress bar (default: one on a terminal).")
    private boolean none;

    /** One that is drawn until it is closed. */
    @FunctionalInterface
    interface Drawn {
        void close();
    }

    /** Draws how far these tasks are shipped, of what is there of them now. */
    Drawn start(List<OutboxTask> tasks, ShipCounts counts, PrintWriter terminal) throws IOException {
        if (none || !Boolean.getBoolean(TERMINAL)) {
            return () -> {};
        }
        List<TaskBacklog> waiting = new ArrayList<>();
        for (OutboxTask task : tasks) {
            waitingOf(task).ifPresent(waiting::add);
        }
        long steps = waiting.stream().mapToLong(TaskBacklog::unshippedSteps).sum();
        long screenshots =
                waiting.stream().mapToLong(TaskBacklog::unshippedScreenshots).sum();
        return draw(steps, screenshots, counts, terminal);
    }

    private static Optional<TaskBacklog> waitingOf(OutboxTask task) throws IOException {
        try {
            return Optional.of(TaskBacklog.of(task));
        } catch (NoSuchFileException shippedMeanwhile) {
            return Optional.empty();
        }
    }

    private static Drawn draw(long steps, long screenshots, ShipCounts counts, PrintWriter terminal) {
        long start = System.nanoTime();
        CountDownLatch end = new CountDownLatch(1);
        Thread drawing = new Thread(
                () -> {
                    try {
                        do {
                            Duration took = Duration.ofNanos(System.nanoTime() - start);
                            long stored = counts.screenshots() + counts.lostScreenshots();
                            Progress progress = new Progress(counts.steps(), steps, stored, screenshots, took);
                            // Ends where it began: whatever is told meanwhile stands at the beginning of a line.
                            terminal.print(BEGIN + progress.line() + CLEAR_REST + BEGIN);
                            terminal.flush();
                        } while (!end.await(BETWEEN_MILLIS, TimeUnit.MILLISECONDS));
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                "steptrail-progress");
        drawing.setDaemon(true);
        drawing.start();
        return () -> {
            end.countDown();
            try {
                drawing.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            terminal.print(BEGIN + CLEAR_REST);
            terminal.flush();
        };
    }
}
