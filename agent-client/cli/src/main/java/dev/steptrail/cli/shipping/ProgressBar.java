package dev.steptrail.cli.shipping;

import dev.steptrail.cli.terminal.Terminal;
import dev.steptrail.shipper.ShipCounts;
import dev.steptrail.shipper.internal.state.TaskBacklog;
import dev.steptrail.tracker.internal.outbox.OutboxTask;
import java.io.Closeable;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Option;

/**
 * Shows the progress of shipping on one line of the terminal, four times a second. Writes nothing if standard error is
 * not a terminal.
 */
public final class ProgressBar {
    private static final long INTERVAL_MILLIS = 250;
    private static final int WIDTH = 16;

    @Option(names = "--no-progress", description = "Do not show a progress bar (default: shown on a terminal).")
    private boolean disabled;

    /** Shows how much of the tasks' current content is shipped. Closing the returned object clears the line. */
    public Closeable start(List<OutboxTask> tasks, ShipCounts counts, PrintWriter terminal) throws IOException {
        if (disabled || !Terminal.isAttached()) {
            return () -> {};
        }
        long steps = 0;
        long screenshots = 0;
        for (OutboxTask task : tasks) {
            TaskBacklog backlog = OutboxStatus.findBacklog(task);
            steps += backlog == null ? 0 : backlog.unshippedSteps();
            screenshots += backlog == null ? 0 : backlog.unshippedScreenshots();
        }
        return draw(steps, screenshots, counts, terminal);
    }

    private static Closeable draw(long steps, long screenshots, ShipCounts counts, PrintWriter terminal) {
        long start = System.nanoTime();
        CountDownLatch stopped = new CountDownLatch(1);
        Thread drawing = new Thread(
                () -> {
                    try {
                        do {
                            long stored = counts.screenshots() + counts.lostScreenshots();
                            Duration elapsed = Duration.ofNanos(System.nanoTime() - start);
                            Terminal.showLine(line(counts.steps(), steps, stored, screenshots, elapsed), terminal);
                        } while (!stopped.await(INTERVAL_MILLIS, TimeUnit.MILLISECONDS));
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                "steptrail-progress");
        drawing.setDaemon(true);
        drawing.start();
        return () -> {
            stopped.countDown();
            try {
                drawing.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            Terminal.showLine("", terminal);
        };
    }

    /**
     * Formats an ASCII line of at most 80 columns, such as {@code [===] 100% 20/20 steps …}.
     *
     * @param screenshots the number of screenshots that were stored or lost
     */
    static String line(long steps, long totalSteps, long screenshots, long totalScreenshots, Duration elapsed) {
        // The counts may exceed the initial totals, because lines that agents add during shipping are shipped too.
        long total = Math.max(1, totalSteps + totalScreenshots);
        double fraction = Math.min(1, (double) (steps + screenshots) / total);
        int filled = (int) (WIDTH * fraction);
        return String.format(
                Locale.ROOT,
                "[%s%s] %3d%%  %d/%d steps  %d/%d screenshots  %.1f/s",
                "=".repeat(filled),
                " ".repeat(WIDTH - filled),
                (int) (100 * fraction),
                steps,
                Math.max(steps, totalSteps),
                screenshots,
                Math.max(screenshots, totalScreenshots),
                (steps + screenshots) / Math.max(0.001, elapsed.toNanos() / 1e9));
    }
}
