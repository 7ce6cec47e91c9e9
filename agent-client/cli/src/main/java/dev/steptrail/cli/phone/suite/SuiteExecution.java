package dev.steptrail.cli.phone.suite;

import dev.steptrail.cli.api.AtomicFileWriter;
import dev.steptrail.cli.command.SteptrailCommand;
import dev.steptrail.cli.phone.run.OpenPhone;
import dev.steptrail.cli.phone.run.RunLimits;
import dev.steptrail.cli.phone.run.TaskRunner;
import dev.steptrail.cli.phone.suite.SuiteJournal.TaskKey;
import dev.steptrail.cli.terminal.Terminal;
import dev.steptrail.tracker.StepTracker;
import dev.steptrail.tracker.internal.outbox.Outbox;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The run of a suite by a command: progress, results and exit code. */
public final class SuiteExecution {
    private static final int NOT_PASSED = 8;

    private final Suite suite;
    private final String experiment;
    private final RunLimits defaultLimits;
    private final @Nullable AtomicFileWriter junit;
    private final boolean json;
    private final UnaryOperator<String> link;
    private final SteptrailCommand command;
    private @Nullable SuiteRunner runner;
    private boolean stopped;
    private int ended;
    private int total;

    private SuiteExecution(
            Suite suite,
            String experiment,
            RunLimits defaultLimits,
            @Nullable AtomicFileWriter junit,
            boolean json,
            UnaryOperator<String> link,
            SteptrailCommand command) {
        this.suite = suite;
        this.experiment = experiment;
        this.defaultLimits = defaultLimits;
        this.junit = junit;
        this.json = json;
        this.link = link;
        this.command = command;
    }

    /**
     * Reads the suite.
     *
     * @param experiment the name of the experiment; that of the file if null
     * @param junit the file for the results as JUnit XML; none if null
     * @param json whether to print the results as JSON
     * @param link returns the address of a task
     * @throws SuiteFileException if the file is not valid
     */
    public static SuiteExecution of(
            Path file,
            @Nullable String experiment,
            RunLimits defaultLimits,
            @Nullable Path junit,
            boolean json,
            UnaryOperator<String> link,
            SteptrailCommand command)
            throws IOException {
        Suite suite = SuiteFile.read(file);
        String name = experiment == null ? suite.experiment() : experiment;
        if (name == null) {
            throw command.usageError("--experiment is required, because " + file + " has no field experiment");
        }
        AtomicFileWriter writer = junit == null ? null : new AtomicFileWriter(junit);
        return new SuiteExecution(suite, name, defaultLimits, writer, json, link, command);
    }

    /** Stops the running tasks. {@link #run} then writes the results and returns. */
    public synchronized void stop() {
        stopped = true;
        if (runner != null) {
            runner.stop();
        }
    }

    /**
     * Runs the tasks that have not ended.
     *
     * @param retryErrors whether to run tasks again that the phone or the model's server ended
     * @return the exit code
     */
    public int run(
            List<OpenPhone> phones, StepTracker tracker, Outbox outbox, TaskRunner taskRunner, boolean retryErrors)
            throws IOException, InterruptedException {
        try (SuiteJournal journal = SuiteJournal.open(outbox.folder(), experiment)) {
            String changed = SuiteRunner.findChangedCase(suite, journal);
            if (changed != null) {
                throw new SuiteFileException(
                        "the case '" + changed + "' was changed after it was run in the experiment '" + experiment
                                + "': use another name for the experiment");
            }
            List<TaskKey> keys =
                    SuiteRunner.keys(suite, phones.stream().map(OpenPhone::name).toList());
            total = keys.size();
            SuiteRunner created = new SuiteRunner(
                    suite, experiment, defaultLimits, tracker, outbox, journal, taskRunner, new Progress());
            created.completeInterruptedTasks();
            Set<TaskKey> before = created.ended(retryErrors);
            ended = (int) keys.stream().filter(before::contains).count();
            if (ended > 0) {
                println(ended + " of " + total + " tasks of " + experiment + " have ended before");
            }
            if (!start(created)) {
                return NOT_PASSED;
            }
            created.run(phones, before);
            Terminal.showLine("", command.err());
            return report(new SuiteResults(experiment, keys, journal.ended()));
        }
    }

    /** Returns false if the suite was stopped before. */
    private synchronized boolean start(SuiteRunner created) {
        runner = created;
        return !stopped;
    }

    private int report(SuiteResults results) throws IOException {
        if (junit != null) {
            junit.write(new ByteArrayInputStream(results.toJunit()), null);
        }
        if (json) {
            command.out().println(Terminal.printableJson(results.toJson(link).toPrettyString()));
        } else {
            results.toText(command.zone()).forEach(command::println);
        }
        return results.allPassed() ? 0 : NOT_PASSED;
    }

    private void println(String line) {
        if (json) {
            command.err().println(Terminal.printable(line));
        } else {
            command.println(line);
        }
    }

    private final class Progress implements SuiteRunner.Listener {
        @Override
        public void started(TaskKey key, OpenPhone phone) {
            Terminal.showLine(Terminal.printable(describe(key) + " on " + phone.name()), command.err());
        }

        @Override
        public void ended(TaskKey key, OpenPhone phone, @Nullable TaskResult result) {
            synchronized (SuiteExecution.this) {
                Terminal.showLine("", command.err());
                if (result == null) {
                    println(describe(key) + " on " + phone.name() + ": interrupted");
                    return;
                }
                ended++;
                println("[%d/%d] %s on %s: %s, %d steps, %.1f s%s"
                        .formatted(
                                ended,
                                total,
                                describe(key),
                                phone.name(),
                                result.counts().wireName(),
                                result.steps(),
                                result.duration().toMillis() / 1000.0,
                                result.reason() == null ? "" : " (" + result.reason() + ")"));
            }
        }

        @Override
        public void stopped(OpenPhone phone, String reason) {
            command.printError(phone.name() + " gets no further tasks: " + reason);
        }

        @Override
        public void warned(String warning) {
            command.printError("warning: " + warning);
        }

        private String describe(TaskKey key) {
            return key.caseId() + " #" + key.repeat();
        }
    }
}
