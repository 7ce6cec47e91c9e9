package dev.steptrail.cli;

import java.time.Duration;
import java.util.Locale;

/**
 * How far a drain has come.
 *
 * @param steps those delivered
 * @param screenshots those stored, or lost and told so
 * @param took the time since it began
 */
record Progress(long steps, long allSteps, long screenshots, long allScreenshots, Duration took) {
    private static final int BAR = 16;

    /** In one line of ASCII that fits into 80 columns, such as {@code [======      ]  50%  10/20 steps  …}. */
    String line() {
        // What agents add meanwhile is shipped too, so more may be done than was there.
        long all = Math.max(1, allSteps + allScreenshots);
        double done = Math.min(1, (double) (steps + screenshots) / all);
        int full = (int) (BAR * done);
        return String.format(
                Locale.ROOT,
                "[%s%s] %3d%%  %d/%d steps  %d/%d screenshots  %.1f/s",
                "=".repeat(full),
                " ".repeat(BAR - full),
                (int) (100 * done),
                steps,
                Math.max(steps, allSteps),
                screenshots,
                Math.max(screenshots, allScreenshots),
                (steps + screenshots) / Math.max(0.001, took.toNanos() / 1e9));
    }
}
