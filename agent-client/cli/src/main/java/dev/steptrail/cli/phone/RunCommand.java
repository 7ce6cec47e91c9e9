package dev.steptrail.cli.phone;

import dev.steptrail.cli.command.SteptrailCommand;
import dev.steptrail.cli.judging.TemporaryFolder;
import dev.steptrail.cli.phone.run.AgentRunner;
import dev.steptrail.cli.phone.run.OpenPhone;
import dev.steptrail.cli.phone.suite.SuiteExecution;
import dev.steptrail.cli.phone.suite.SuiteFileException;
import dev.steptrail.cli.shipping.OutboxCommand;
import dev.steptrail.cli.terminal.Terminal;
import dev.steptrail.demophone.DemoModel;
import dev.steptrail.phone.autoglm.RunOutcome;
import dev.steptrail.phone.autoglm.TokenPrice;
import dev.steptrail.phone.autoglm.UserInteraction;
import dev.steptrail.phone.device.DeviceException;
import dev.steptrail.phone.model.ChatClient;
import dev.steptrail.phone.model.ModelSettings;
import dev.steptrail.tracker.Durability;
import dev.steptrail.tracker.StepTracker;
import dev.steptrail.tracker.TaskInfo;
import dev.steptrail.tracker.TrackerStats;
import dev.steptrail.tracker.internal.outbox.Outbox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

@Command(
        name = "run",
        description = {
            "Let a model operate a phone to execute an instruction, and record it as a task.",
            "--suite executes the cases of a file, several times each and on several phones, and judges the tasks."
                    + " A suite that was interrupted continues with the tasks that have not ended."
        },
        exitCodeList = {
            "0:the task succeeded; all tasks of a suite passed",
            "1:the task failed, or the command could not run, with a message",
            SteptrailCommand.WRONG_USAGE,
            "3:the limit of steps, time, tokens or cost was reached",
            "4:the model's server cannot be reached, or returned an error",
            "5:the model's reply is not an action",
            "6:the phone is not usable or was disconnected",
            "7:the agent needed a person, who was not there or refused",
            "8:a task of a suite did not pass, or was not run",
            "130:stopped by SIGINT (Ctrl-C); the task is recorded as cancelled",
            "143:stopped by SIGTERM; the task is recorded as cancelled"
        },
        footer = {
            "  steptrail run \"Turn the volume up\" --demo-phone",
            "  steptrail run \"Turn on Wi-Fi\" --model-url http://localhost:8000/v1 --model autoglm-phone-9b",
            "  steptrail run \"Turn on Wi-Fi\" --max-steps 20 --dry-run",
            "  steptrail run --suite suite.yaml --junit results.xml",
            OutboxCommand.SHIPPING_ENVIRONMENT + RunCommand.PHONE_VARIABLES
                    + "%n  STEPTRAIL_API        URL of the API, for links to tasks"
        })
public final class RunCommand extends OutboxCommand {
    public static final String PHONE_VARIABLES = ModelOptions.VARIABLES + DeviceOptions.VARIABLES;

    /** How long the command waits for its shipper to deliver the last steps. */
    private static final Duration SHIPPING_TIMEOUT = Duration.ofSeconds(30);

    @Parameters(arity = "0..1", paramLabel = "INSTRUCTION", description = "What the model does on the phone.")
    private @Nullable String instruction;

    @Option(names = "--suite", paramLabel = "FILE", description = "Execute the cases of this file (docs/suites.md).")
    private @Nullable Path suite;

    @Mixin
    private final LabPhones labPhones = new LabPhones();

    @Mixin
    private final ModelOptions modelOptions = new ModelOptions();

    @Mixin
    private final LimitOptions limits = new LimitOptions();

    @Option(
            names = "--wait-after-action",
            paramLabel = "MS",
            description = "Milliseconds to wait after an input for its effect on the screen (default: 1000).")
    private int waitMillis = 1000;

    @Mixin
    private final ExperimentOptions experiment = new ExperimentOptions();

    @Option(names = "--junit", paramLabel = "FILE", description = "Write the results of the suite as JUnit XML.")
    private @Nullable Path junit;

    @Option(
            names = "--retry-errors",
            description =
                    "Also run tasks of the suite again that the phone or the model's server ended, and judge those"
                            + " again whose evaluator failed.")
    private boolean retryErrors;

    @Option(names = "--dry-run", description = "Ask the model once, and neither touch the phone nor record a task.")
    private boolean dryRun;

    @Option(
            names = "--record-model-calls",
            description = "Also record what the model receives and returns. It contains everything on the screen.")
    private boolean recordModelCalls;

    @Option(names = "--json", description = "Print the result as JSON; progress goes to standard error.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        checkOptions();
        try {
            return suite == null ? runInstruction(String.valueOf(instruction)) : runSuite(suite);
        } catch (SuiteFileException e) {
            printError(e.getMessage());
            return spec().exitCodeOnInvalidInput();
        } catch (DeviceException e) {
            printError(e.getMessage());
            return ExitCodes.of(RunOutcome.DEVICE_ERROR);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return ExitCodes.of(RunOutcome.CANCELLED);
        }
    }

    private void checkOptions() {
        if ((instruction == null) == (suite == null)) {
            throw usageError(
                    suite == null
                            ? "missing instruction (expected INSTRUCTION or --suite FILE)"
                            : "expected either INSTRUCTION or --suite, not both");
        }
        if (instruction != null && instruction.isBlank()) {
            throw usageError("INSTRUCTION is empty");
        }
        if (suite != null && dryRun) {
            throw usageError("--dry-run is not for suites");
        }
        if (suite == null && (junit != null || retryErrors)) {
            throw usageError((junit == null ? "--retry-errors" : "--junit") + " requires --suite");
        }
        labPhones.check(suite == null, this);
        limits.check(this);
        experiment.check(suite == null, this);
        if (waitMillis < 0) {
            throw usageError("--wait-after-action must be at least 0, but is " + waitMillis);
        }
    }

    private @Nullable DemoModel startDemoModel() throws IOException {
        return !labPhones.areSimulated() || modelOptions.hasUrl() ? null : DemoModel.start();
    }

    private ChatClient model(@Nullable DemoModel demoModel) {
        return demoModel == null
                ? modelOptions.client(this, environment())
                : new ChatClient(ModelSettings.of(demoModel.url(), DemoModel.NAME), null);
    }

    /** @throws ParameterException if the cost is limited, but the price is not known */
    private @Nullable TokenPrice price(boolean limitsCost) {
        TokenPrice price = modelOptions.price(this);
        if (limitsCost && price == null) {
            boolean isOption = limits.limits().cost() != null;
            throw usageError((isOption ? "--max-cost" : "max_cost in " + suite) + " requires --price, such as CNY:2,8");
        }
        return price;
    }

    private AgentRunner runner(StepTracker tracker, ChatClient model, @Nullable TokenPrice price, UserInteraction user)
            throws IOException {
        return new AgentRunner(
                tracker,
                model,
                modelOptions.systemPrompt(this),
                modelOptions.apps(this),
                price,
                user,
                waitAfterAction());
    }

    private Duration waitAfterAction() {
        return Duration.ofMillis(waitMillis);
    }

    private StepTracker tracker(Outbox outbox, ChatClient model, Durability durability) throws IOException {
        return StepTracker.builder(outbox.folder())
                .agent("steptrail")
                .model(model.settings().model())
                .recordModelCalls(recordModelCalls)
                .durability(durability)
                .shipping(!environment().getOrDefault("STEPTRAIL_QUEUE_URL", "").isBlank())
                .shippingTimeout(SHIPPING_TIMEOUT)
                .build();
    }

    private int runInstruction(String text) throws IOException, DeviceException, InterruptedException {
        TokenPrice price = price(limits.limits().cost() != null);
        try (DemoModel demoModel = startDemoModel()) {
            ChatClient model = model(demoModel);
            try (OpenPhone phone = labPhones.openOne(this, environment())) {
                return dryRun ? askOnce(text, model, phone) : run(text, model, phone, price);
            }
        }
    }

    private int run(String text, ChatClient model, OpenPhone phone, @Nullable TokenPrice price) throws IOException {
        TaskInfo info = experiment.addTo(TaskInfo.of(text).onDevice(phone.name()));
        Outbox outbox = openOutbox();
        StepTracker tracker = tracker(outbox, model, Durability.QUEUED);
        int exitCode;
        try (tracker) {
            AgentRunner runner = runner(tracker, model, price, TerminalUser.of(System.in, err()));
            exitCode = new InstructionRun(text, runner, phone, json, this).run(info, limits.limits(), this::url);
        } finally {
            reportLosses(tracker.stats());
        }
        reportUndelivered(outbox);
        return exitCode;
    }

    /** Asks the model with a tracker in a temporary folder, because no task is recorded. */
    private int askOnce(String text, ChatClient model, OpenPhone phone)
            throws IOException, DeviceException, InterruptedException {
        Path folder = Files.createTempDirectory("steptrail-dry-run");
        try (StepTracker unused = StepTracker.builder(folder).shipping(false).build()) {
            AgentRunner runner = runner(unused, model, null, UserInteraction.NONE);
            return new InstructionRun(text, runner, phone, json, this).askOnce();
        } finally {
            TemporaryFolder.delete(folder);
        }
    }

    private int runSuite(Path file) throws IOException, DeviceException, InterruptedException {
        SuiteExecution execution = SuiteExecution.of(
                file,
                new SuiteExecution.Options(
                        experiment.name(), limits.limits(), waitAfterAction(), junit, retryErrors, json),
                this::url,
                this);
        TokenPrice price = price(execution.limitsCost());
        List<OpenPhone> phones = new ArrayList<>();
        Outbox outbox = openOutbox();
        int exitCode;
        try (DemoModel demoModel = startDemoModel()) {
            ChatClient model = model(demoModel);
            labPhones.openAll(phones, this, environment());
            StepTracker tracker = tracker(outbox, model, Durability.WRITTEN);
            try (tracker) {
                AgentRunner runner = runner(tracker, model, price, UserInteraction.NONE);
                StopOnSignal signal = new StopOnSignal(execution::stop);
                try (signal) {
                    exitCode = execution.run(phones, tracker, outbox, runner, agentSettings(model));
                }
            } finally {
                reportLosses(tracker.stats());
            }
        } finally {
            phones.forEach(OpenPhone::close);
        }
        reportUndelivered(outbox);
        return exitCode;
    }

    /** Returns the settings that all tasks of an experiment must have in common. */
    private Map<String, String> agentSettings(ChatClient model) throws IOException {
        return Map.of(
                "model",
                model.settings().model(),
                "system prompt",
                modelOptions.systemPromptHash(),
                "wait after actions",
                waitMillis + " ms");
    }

    /** Returns the address of a task in the viewer; null if the API is not known. */
    private @Nullable String url(UUID task) {
        String api = environment().getOrDefault("STEPTRAIL_API", "").strip().replaceFirst("/+$", "");
        return api.isEmpty() ? null : api + "/tasks/" + task;
    }

    private void reportLosses(TrackerStats stats) {
        if (!stats.droppedSteps().isEmpty() || !stats.droppedScreenshots().isEmpty() || stats.lostVerdicts() > 0) {
            printError("not recorded: steps " + stats.droppedSteps() + ", screenshots " + stats.droppedScreenshots()
                    + ", " + stats.lostVerdicts() + " verdicts; the last error is: " + stats.lastError());
        }
    }

    /** Prints where the recording is, unless this command has delivered it or another process does. */
    private void reportUndelivered(Outbox outbox) throws IOException {
        if (!outbox.tasks().isEmpty() && !outbox.hasActiveShipper()) {
            (json ? err() : out())
                    .println(Terminal.printable("recorded in " + outbox.folder() + "; not delivered: run steptrail ship"
                            + outboxArgument()));
        }
    }
}
