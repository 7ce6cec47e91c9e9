package dev.steptrail.cli.phone.suite;

import dev.steptrail.cli.api.AtomicFileWriter;
import dev.steptrail.cli.command.SteptrailCommand;
import dev.steptrail.cli.phone.run.OpenPhone;
import dev.steptrail.cli.phone.run.TaskRunner;
import dev.steptrail.cli.phone.suite.SuiteJournal.TaskKey;
import dev.steptrail.cli.terminal.Terminal;
import dev.steptrail.cli.terminal.TextFormat;
import dev.steptrail.phone.autoglm.Limits;
import dev.steptrail.tracker.StepTracker;
import dev.steptrail.tracker.internal.outbox.Outbox;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The run of a suite by a command: progress, results and exit code. */
public final class SuiteExecution {
    private static final int NOT_PASSED = 8;

    /**
     * The options of the command.
     *
     * @param experiment the name of the experiment; that of the file if null
     * @param limits for those that a case does not set
     * @param junit the file for the results as JUnit XML; none if null
     * @param waitAfterAction the time to wait for the effect of an input on the screen
     * @param retryErrors whether to run tasks again that the phone, the model's server or {@code before_each} ended,
     *     and to judge those again whose evaluator failed
     * @param json whether to print the results as JSON
     */
    public record Options(
            @Nullable String experiment,
            Limits limits,
            Duration waitAfterAction,
            @Nullable Path junit,
            boolean retryErrors,
            boolean json) {}

    private final Path file;
    private final Suite suite;
    private final String experiment;
    private final Options options;
    private final @Nullable AtomicFileWriter junit;
    private final Function<UUID, @Nullable String> urls;
    private final SteptrailCommand command;
    private @Nullable SuiteRunner runner;
    private boolean stopped;

    /**
     * Reads the suite.
     *
     * @param urls returns the address of a task in the viewer; null if it is not known
     * @throws SuiteFileException if the file is not valid
     */
    public SuiteExecution(Path file, Options options, Function<UUID, @Nullable String> urls, SteptrailCommand command)
            throws IOException {
        this.file = file;
        this.suite = SuiteFile.read(file, options.limits());
        String name = options.experiment() == null ? suite.experiment() : options.experiment();
        if (name == null) {
            throw command.usageError("--experiment is required, because " + file + " has no field experiment");
        }
        this.experiment = name;
        this.options = options;
        this.junit = options.junit() == null ? null : new AtomicFileWriter(options.junit());
        this.urls = urls;
        this.command = command;
    }

    /** Returns the name of a limit of the cost, which requires the price of tokens; null if there is none. */
    public @Nullable String costLimit() {
        if (suite.cases().stream().allMatch(one -> one.limits().cost() == null)) {
            return null;
        }
        return options.limits().cost() == null ? "max_cost in " + file : "--max-cost";
    }

    /**
     * Stops the running tasks. {@link #run} then writes the results and returns.
     *
     * @return false if no tasks have been started; none will be
     */
    public synchronized boolean stop() {
        stopped = true;
        if (runner != null) {
            runner.stop();
        }
        return runner != null;
    }

    /**
     * Runs the tasks that have not ended.
     *
     * @param agentSettings the settings of the agent by name, such as the model
     * @return the exit code
     * @throws SuiteFileException if the experiment was started with other settings or another case
     */
    public int run(
            List<OpenPhone> phones,
            StepTracker tracker,
            Outbox outbox,
            TaskRunner taskRunner,
            Map<String, String> agentSettings)
            throws IOException, InterruptedException {
        Map<String, String> settings = new LinkedHashMap<>(agentSettings);
        settings.put("before_each", suite.beforeEach().description());
        try (SuiteJournal journal = SuiteJournal.open(outbox.folder(), experiment, settings)) {
            String changed = SuiteRunner.findChangedCase(suite, journal);
            if (changed != null) {
                throw new SuiteFileException("the case '" + changed + "', its evaluator or its limits were changed"
                        + " after it was run in the experiment '" + experiment
                        + "': use another name for the experiment");
            }
            Set<String> serials =
                    phones.stream().map(OpenPhone::name).collect(Collectors.toCollection(LinkedHashSet::new));
            List<String> absent = journal.devices().stream()
                    .filter(serial -> !serials.contains(serial))
                    .toList();
            serials.addAll(absent);
            List<TaskKey> keys = SuiteRunner.keys(suite, List.copyOf(serials));
            SuiteProgress progress =
                    new SuiteProgress(this::println, command::printError, command.err(), urls, keys.size());
            SuiteRecording recording = new SuiteRecording(suite, experiment, tracker, outbox, journal);
            SuiteRunner created = new SuiteRunner(recording, taskRunner, options.waitAfterAction(), progress);
            new InterruptedTasks(recording).complete();
            Set<TaskKey> before = created.ended(options.retryErrors());
            absent.forEach(serial -> warnOfAbsent(serial, keys, journal));
            progress.continueAfter((int) keys.stream().filter(before::contains).count(), experiment);
            if (!start(created)) {
                return NOT_PASSED;
            }
            created.run(phones, before);
            Terminal.showLine("", command.err());
            return report(new SuiteResults(experiment, keys, journal.ended()));
        }
    }

    /** The results contain the tasks of a phone on which the experiment was started, also if it is absent now. */
    private void warnOfAbsent(String serial, List<TaskKey> keys, SuiteJournal journal) {
        List<TaskKey> all =
                keys.stream().filter(key -> serial.equals(key.device())).toList();
        long endedBefore =
                all.stream().filter(key -> journal.result(key) != null).count();
        if (!all.isEmpty()) {
            command.printError(
                    "warning: %s is not used (not ready, or not named by --device): %d of its %s ended before"
                            .formatted(serial, endedBefore, TextFormat.count(all.size(), "task")));
        }
    }

    /** Returns false if the suite was stopped before. */
    private synchronized boolean start(SuiteRunner created) {
        runner = created;
        return !stopped;
    }

    private int report(SuiteResults results) throws IOException {
        if (junit != null) {
            junit.write(results.toJunit());
        }
        if (options.json()) {
            command.print(results.toJson(urls).toPrettyString());
        } else {
            results.toText(command.zone()).forEach(command::println);
        }
        return results.allPassed() ? 0 : NOT_PASSED;
    }

    private void println(String line) {
        if (options.json()) {
            command.err().println(Terminal.printable(line));
        } else {
            command.println(line);
        }
    }
}
