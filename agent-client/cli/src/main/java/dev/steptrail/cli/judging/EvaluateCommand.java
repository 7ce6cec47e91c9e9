package dev.steptrail.cli.judging;

import dev.steptrail.cli.api.Api;
import dev.steptrail.cli.api.ApiQuery;
import dev.steptrail.cli.command.ApiCommand;
import dev.steptrail.cli.command.StopOnSignal;
import dev.steptrail.cli.downloads.ScreenshotSaver;
import dev.steptrail.cli.evaluate.CommandSplitter;
import dev.steptrail.cli.evaluate.RuleSet;
import dev.steptrail.cli.judging.Evaluation.Header;
import dev.steptrail.cli.tasks.TaskFilters;
import dev.steptrail.cli.terminal.Terminal;
import dev.steptrail.cli.terminal.TextFormat;
import dev.steptrail.stepformat.Verdict;
import java.io.File;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "evaluate",
        description = {
            "Judge tasks that have ended, by a program or by rules, and store the verdicts.",
            "Tasks that this version of the evaluator has judged are skipped. docs/evaluators.md describes the program's"
                    + " input and output, and the rules."
        },
        exitCodeList = {
            "0:all tasks are judged",
            "1:failure, with a message (tasks that were judged before stay judged)",
            "3:at least one task could not be judged",
            "130:stopped by SIGINT (Ctrl-C)",
            "143:stopped by SIGTERM"
        },
        footer = {
            "  steptrail evaluate --command \"python3 judge.py --strict\" --evaluator-version 1 --agent pixel",
            "  steptrail evaluate --command ./judge.py --evaluator-version 1 --limit 1 --dry-run",
            "  steptrail evaluate --expect-message 27 --max-steps 20 --no-failed-step-after-success"
        })
public final class EvaluateCommand extends ApiCommand {
    private static final int SOME_FAILED = 3;
    private static final int MAX_PARALLEL = 32;
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(5);

    private static final String RULES = "rules";

    private static final Pattern INTERPRETER =
            Pattern.compile("(python|pypy|node|deno|bun|npx|bash|dash|sh|zsh|ruby|perl"
                    + "|php|java|dotnet|pwsh|powershell|cmd|uv|uvx|poetry|env|docker|podman)[0-9.]*(\\.exe)?");

    @Option(
            names = "--command",
            paramLabel = "COMMAND",
            description = "The program that judges, and its arguments. Spaces separate arguments; single or double"
                    + " quotes group them. It is run without a shell.")
    private @Nullable String command;

    @Mixin
    private final RuleOptions ruleOptions = new RuleOptions();

    @Option(
            names = "--evaluator",
            paramLabel = "NAME",
            description = "Name of the evaluator (default: the program's file name, of python3 and other interpreters"
                    + " their script's; \"" + RULES + "\" for rules).")
    private @Nullable String evaluatorName;

    @Option(
            names = "--evaluator-version",
            paramLabel = "VERSION",
            description = "Version of the program, required with --command; another version judges the tasks again. The"
                    + " version of rules is computed from them.")
    private @Nullable String evaluatorVersion;

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "What is judged (default: success). A program may print a number only for other names.")
    private String name = Verdict.SUCCESS;

    @Mixin
    private final TaskFilters filters = new TaskFilters();

    @Option(names = "--limit", paramLabel = "N", description = "Judge at most N tasks (default: all).")
    private int limit = Integer.MAX_VALUE;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            description = "How long the program may take for a task (default: 60).")
    private int timeoutSeconds = 60;

    @Option(names = "--parallel", paramLabel = "N", description = "Judge N tasks at a time, 1 to 32 (default: 2).")
    private int parallel = 2;

    @Option(names = "--no-screenshots", description = "Do not download screenshots for the program.")
    private boolean noScreenshots;

    @Option(names = "--rejudge", description = "Also judge tasks that this version of the evaluator has judged.")
    private boolean rejudge;

    @Option(names = "--dry-run", description = "Judge the tasks and print the verdicts, but do not store them.")
    private boolean dryRun;

    @Override
    public Integer call() throws IOException {
        checkOptions();
        ApiQuery tasks =
                filters.applyTo(new ApiQuery("/api/tasks", "tasks"), this).limit(Integer.MAX_VALUE);
        if (command == null) {
            RuleSet rules = ruleOptions.parse(this);
            Header header = new Header(name, Objects.requireNonNullElse(evaluatorName, RULES), rules.version());
            Api api = api();
            return evaluate(api, header, new TaskEvaluator.ByRules(api, rules), tasks);
        }
        List<String> arguments = splitCommand(command);
        Header header = new Header(
                name,
                evaluatorName == null ? fileName(arguments) : evaluatorName,
                Objects.requireNonNull(evaluatorVersion));
        ExternalProgram program = new ExternalProgram(arguments, Duration.ofSeconds(timeoutSeconds));
        Api api = api();
        try (ScreenshotSaver screenshots = new ScreenshotSaver(api)) {
            return evaluate(
                    api,
                    header,
                    new TaskEvaluator.ByProgram(api, program, name, noScreenshots ? null : screenshots),
                    tasks);
        }
    }

    private void checkOptions() {
        if (command == null && !ruleOptions.areGiven()) {
            throw usageError("missing evaluator (expected --command, or at least one rule such as --expect-message)");
        }
        if (command != null && ruleOptions.areGiven()) {
            throw usageError("--command and rules are different evaluators; run one command for each");
        }
        if (command != null && evaluatorVersion == null) {
            throw usageError("--command requires --evaluator-version; change it whenever the program changes, so that"
                    + " it judges the tasks again");
        }
        if (command == null && evaluatorVersion != null) {
            throw usageError("--evaluator-version is not allowed with rules, whose version is computed from them");
        }
        if (command == null && noScreenshots) {
            throw usageError("--no-screenshots requires --command; rules download no screenshots");
        }
        requireRange("--limit", limit, Integer.MAX_VALUE);
        requireRange("--timeout", timeoutSeconds, (int) TimeUnit.DAYS.toSeconds(1));
        requireRange("--parallel", parallel, MAX_PARALLEL);
        requireText("--name", name, Verdict.MAX_NAME_LENGTH);
        requireText("--evaluator", evaluatorName, Verdict.MAX_EVALUATOR_LENGTH);
        requireText("--evaluator-version", evaluatorVersion, Verdict.MAX_EVALUATOR_LENGTH);
    }

    private void requireRange(String option, int value, int max) {
        if (value < 1 || value > max) {
            throw usageError(option + " must be " + (max == Integer.MAX_VALUE ? "at least 1" : "1 to " + max)
                    + ", but is " + value);
        }
    }

    private List<String> splitCommand(String text) {
        List<String> arguments;
        try {
            arguments = CommandSplitter.split(text);
        } catch (IllegalArgumentException e) {
            throw usageError("--command '" + text + "': " + e.getMessage());
        }
        if (!ExternalProgram.isExecutable(arguments.get(0), System.getenv())) {
            throw usageError("--command '" + text + "': " + arguments.get(0)
                    + " is not an executable file (check the path, and run chmod +x)");
        }
        return arguments;
    }

    /**
     * Returns the name of the program's file. An interpreter or launcher runs many programs, which would share its name
     * and replace each other's verdicts; its program is its first argument that is a file.
     */
    private String fileName(List<String> arguments) {
        return Stream.concat(
                        arguments.stream().limit(1),
                        arguments.stream().skip(1).filter(argument -> new File(argument).isFile()))
                .map(argument -> new File(argument).getName())
                .filter(file -> !INTERPRETER.matcher(file).matches())
                .findFirst()
                .orElseThrow(() -> usageError("--command '" + command + "': add --evaluator NAME, because no argument"
                        + " of " + arguments.get(0) + " is the file of a program"));
    }

    private int evaluate(Api api, Header header, TaskEvaluator evaluator, ApiQuery tasks) throws IOException {
        Path folder = Files.createTempDirectory("steptrail-evaluate"); // accessible only by this user
        EvaluationReport report = new EvaluationReport(this, header, !dryRun);
        Evaluation evaluation = new Evaluation(
                api, header, evaluator, new Evaluation.Settings(rejudge, !dryRun, limit, parallel), folder, report);
        // A request to the API is not interruptible.
        StopOnSignal signal = new StopOnSignal(evaluation::stop, STOP_TIMEOUT, () -> delete(folder));
        try (signal) {
            run(evaluation, tasks, report, folder);
        }
        checkPrinted();
        return report.hasFailures() ? SOME_FAILED : 0;
    }

    private void run(Evaluation evaluation, ApiQuery tasks, EvaluationReport report, Path folder) throws IOException {
        boolean complete = false;
        try {
            evaluation.run(tasks);
            complete = true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while judging tasks");
        } finally {
            Terminal.showLine("", err());
            if (complete || report.hasResults()) {
                report.printSummary();
            }
            delete(folder);
        }
    }

    private void delete(Path folder) {
        try {
            TemporaryFolder.delete(folder);
        } catch (IOException e) {
            printError("warning: temporary files remain: " + TextFormat.errorMessage(e));
        }
    }
}
