package dev.steptrail.cli.phone;

import dev.steptrail.cli.terminal.Terminal;
import dev.steptrail.phone.autoglm.RunOutcome;
import dev.steptrail.phone.autoglm.StepListener;
import dev.steptrail.phone.autoglm.StepProgress;
import dev.steptrail.phone.autoglm.TokenPrice;
import dev.steptrail.tracker.ActionOutcome;
import dev.steptrail.tracker.ActionResult;
import dev.steptrail.tracker.RunResult;
import dev.steptrail.tracker.TrackedTask;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Prints a line for each step, and on a terminal also what is happening now. The line of a step that ended the task
 * without success contains the outcome.
 */
final class RunProgress implements StepListener {
    private static final int ACTION_WIDTH = 40;

    private final PrintWriter out;
    private final PrintWriter err;
    private final @Nullable TokenPrice price;

    /** The number of steps that were printed. */
    private int steps;

    private long stepStart = System.nanoTime();

    /** The step whose action was not completed; null if there is none. */
    private @Nullable StepProgress decided;

    /** @param price of the tokens; null if it is unknown */
    RunProgress(PrintWriter out, PrintWriter err, @Nullable TokenPrice price) {
        this.out = out;
        this.err = err;
        this.price = price;
    }

    @Override
    public void started(TrackedTask task) {
        showWaiting();
    }

    @Override
    public void retrying(String attempt) {
        show("step " + (steps + 1) + "  " + attempt);
    }

    @Override
    public void decided(StepProgress step) {
        if (step.finished()) {
            println(step, step.elapsed(), "");
        } else {
            decided = step;
            show("step " + step.number() + "  " + ActionText.of(step.action()));
        }
    }

    @Override
    public void acted(StepProgress step, ActionResult result, Duration elapsed) {
        decided = null;
        println(step, elapsed, failure(result));
        showWaiting();
    }

    /** Prints the last step if it has no reply of the model that is an action, or its action was not completed. */
    @Override
    public void ending(TrackedTask task, RunResult result) {
        if (result.steps() <= steps) {
            return;
        }
        String outcome = "  " + RunOutcome.of(result).wireName().replace('_', ' ');
        Duration elapsed = Duration.ofNanos(System.nanoTime() - stepStart);
        if (decided == null) {
            println(result.steps(), "no action", elapsed, outcome);
        } else {
            println(decided, elapsed, outcome);
        }
    }

    private void showWaiting() {
        stepStart = System.nanoTime();
        show("step " + (steps + 1) + "  looking at the screen, and waiting for the model");
    }

    private void show(String line) {
        Terminal.showLine(line, err);
    }

    private void println(StepProgress step, Duration elapsed, String outcome) {
        println(
                step.number(),
                ActionText.of(step.action()),
                elapsed,
                new ConsumptionReport(step.consumption(), price).toText() + outcome);
    }

    private void println(int number, String action, Duration elapsed, String rest) {
        steps = number;
        Terminal.showLine("", err);
        String padding = " ".repeat(Math.max(0, ACTION_WIDTH - Terminal.width(action)));
        String line = "step %-3d %s%s %7s%s".formatted(number, action, padding, seconds(elapsed), rest);
        out.println(Terminal.printable(line.stripTrailing()));
    }

    private static String failure(ActionResult result) {
        if (result.success()) {
            return "";
        }
        String problem = result.outcome() == ActionOutcome.UNKNOWN ? "outcome unknown" : "failed";
        return "  " + problem + (result.message() == null ? "" : ": " + result.message());
    }

    static String seconds(Duration time) {
        return String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1000.0);
    }
}
