package dev.steptrail.cli.phone.suite;

import dev.steptrail.cli.phone.run.OpenPhone;
import dev.steptrail.cli.phone.suite.SuiteJournal.TaskKey;
import dev.steptrail.cli.terminal.Terminal;
import dev.steptrail.cli.terminal.TextFormat;
import dev.steptrail.stepformat.VerdictValue.Label;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Prints a line for each task of a suite that has ended, and on a terminal also which tasks are running. */
final class SuiteProgress implements SuiteRunner.Listener {
    /** The final message of an agent may be much longer. */
    private static final int MAX_EXPLANATION_COLUMNS = 300;

    private final Consumer<String> lines;
    private final Consumer<String> errors;
    private final PrintWriter terminal;
    private final Function<UUID, @Nullable String> urls;
    private final int total;
    private final Map<String, String> running = new LinkedHashMap<>();
    private int ended;

    /**
     * @param lines receives the lines
     * @param errors receives warnings
     * @param terminal shows which tasks are running, see {@link Terminal#showLine}
     * @param urls returns the address of a task in the viewer; null if it is not known
     * @param total the number of tasks of the suite
     */
    SuiteProgress(
            Consumer<String> lines,
            Consumer<String> errors,
            PrintWriter terminal,
            Function<UUID, @Nullable String> urls,
            int total) {
        this.lines = lines;
        this.errors = errors;
        this.terminal = terminal;
        this.urls = urls;
        this.total = total;
    }

    /** Sets the number of tasks that have ended before. */
    synchronized void continueAfter(int endedBefore, String experiment) {
        ended = endedBefore;
        if (ended > 0) {
            lines.accept(ended + " of " + total + " tasks of " + experiment + " have ended before");
        }
    }

    @Override
    public synchronized void started(TaskKey key, OpenPhone phone) {
        running.put(phone.name(), describe(key, phone.name()));
        showRunning();
    }

    @Override
    public synchronized void ended(TaskKey key, OpenPhone phone, @Nullable TaskResult result) {
        running.remove(phone.name());
        Terminal.showLine("", terminal);
        if (result == null) {
            lines.accept(describe(key, phone.name()) + ": interrupted");
        } else {
            ended++;
            lines.accept("[%d/%d] %s".formatted(ended, total, describe(key, result)));
            if (result.counts() != Label.PASS) {
                lines.accept("  task "
                        + Objects.requireNonNullElse(
                                urls.apply(result.task()), result.task().toString()));
            }
        }
        showRunning();
    }

    @Override
    public synchronized void stopped(OpenPhone phone, String reason) {
        report(phone.name() + " gets no further tasks: " + reason);
    }

    @Override
    public synchronized void warned(String warning) {
        report("warning: " + warning);
    }

    private void report(String problem) {
        Terminal.showLine("", terminal);
        errors.accept(problem);
        showRunning();
    }

    private void showRunning() {
        String tasks = String.join(", ", running.values());
        String line = running.size() > 1 ? running.size() + " running: " + tasks : tasks;
        Terminal.showLine(line, terminal);
    }

    private static String describe(TaskKey key, String phone) {
        return key.caseId() + " #" + key.repeat() + " on " + phone;
    }

    private static String describe(TaskKey key, TaskResult result) {
        String explanation = result.reason() == null ? result.message() : result.reason();
        return String.format(
                Locale.ROOT,
                "%s: %s, %s, %.1f s%s",
                describe(key, result.device()),
                result.counts().wireName(),
                TextFormat.count(result.steps(), "step"),
                result.duration().toMillis() / 1000.0,
                explanation == null || explanation.isBlank()
                        ? ""
                        : " (" + Terminal.truncate(explanation.strip().replaceAll("\\s+", " "), MAX_EXPLANATION_COLUMNS)
                                + ")");
    }
}
