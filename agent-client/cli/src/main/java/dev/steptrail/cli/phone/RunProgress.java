package dev.steptrail.cli.phone;

import dev.steptrail.cli.terminal.Terminal;
import dev.steptrail.phone.autoglm.Consumption;
import dev.steptrail.phone.autoglm.StepListener;
import dev.steptrail.phone.autoglm.StepProgress;
import dev.steptrail.tracker.ActionOutcome;
import dev.steptrail.tracker.ActionResult;
import dev.steptrail.tracker.TrackedTask;
import java.io.PrintWriter;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Prints a line for each step, and on a terminal also what is happening now. */
final class RunProgress implements StepListener {
    private static final int ACTION_WIDTH = 40;
    private static final int COST_DECIMALS = 4;

    private final PrintWriter out;
    private final PrintWriter err;
    private final @Nullable String currency;
    private int steps;

    /** @param currency of the costs; null if they are unknown */
    RunProgress(PrintWriter out, PrintWriter err, @Nullable String currency) {
        this.out = out;
        this.err = err;
        this.currency = currency;
    }

    @Override
    public void started(TrackedTask task) {
        showWaiting();
    }

    @Override
    public void decided(StepProgress step) {
        if (step.finished()) {
            println(step);
        } else {
            Terminal.showLine(
                    Terminal.truncate(
                            Terminal.printable("step " + step.number() + "  " + ActionText.of(step.action())),
                            Terminal.columns() - 1),
                    err);
        }
    }

    @Override
    public void acted(StepProgress step) {
        println(step);
        showWaiting();
    }

    private void showWaiting() {
        Terminal.showLine("step " + (steps + 1) + "  looking at the screen, and waiting for the model", err);
    }

    private void println(StepProgress step) {
        steps = step.number();
        Terminal.showLine("", err);
        String action = ActionText.of(step.action());
        String line = "step %-3d %s%s %7s%s%s%s"
                .formatted(
                        step.number(),
                        action,
                        " ".repeat(Math.max(0, ACTION_WIDTH - Terminal.width(action))),
                        seconds(step.elapsed()),
                        tokens(step.consumption()),
                        cost(step.consumption()),
                        failure(step.result()));
        out.println(Terminal.printable(line.stripTrailing()));
    }

    private static String failure(@Nullable ActionResult result) {
        if (result == null || result.success()) {
            return "";
        }
        String problem = result.outcome() == ActionOutcome.UNKNOWN ? "outcome unknown" : "failed";
        return "  " + problem + (result.message() == null ? "" : ": " + result.message());
    }

    static String seconds(Duration time) {
        return String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1000.0);
    }

    private static String tokens(Consumption consumption) {
        return consumption.tokens() == 0 ? "" : String.format(Locale.ROOT, "%9d tokens", consumption.tokens());
    }

    private String cost(Consumption consumption) {
        return consumption.cost() == null || currency == null
                ? ""
                : "  " + currency + " "
                        + consumption
                                .cost()
                                .setScale(COST_DECIMALS, RoundingMode.HALF_UP)
                                .toPlainString();
    }
}
