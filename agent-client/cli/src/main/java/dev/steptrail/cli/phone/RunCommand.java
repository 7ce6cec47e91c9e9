package dev.steptrail.cli.phone;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.steptrail.cli.command.SteptrailCommand;
import dev.steptrail.cli.judging.TemporaryFolder;
import dev.steptrail.cli.phone.run.AgentRunner;
import dev.steptrail.cli.phone.run.OpenPhone;
import dev.steptrail.cli.phone.run.RunLimits;
import dev.steptrail.cli.phone.suite.SuiteExecution;
import dev.steptrail.cli.phone.suite.SuiteFileException;
import dev.steptrail.cli.shipping.OutboxCommand;
import dev.steptrail.cli.terminal.Terminal;
import dev.steptrail.demophone.DemoModel;
import dev.steptrail.phone.autoglm.RunOutcome;
import dev.steptrail.phone.autoglm.StepListener;
import dev.steptrail.phone.autoglm.TokenPrice;
import dev.steptrail.phone.autoglm.UserInteraction;
import dev.steptrail.phone.device.DeviceException;
import dev.steptrail.phone.model.ChatClient;
import dev.steptrail.phone.model.ChatException;
import dev.steptrail.phone.model.ModelSettings;
import dev.steptrail.tracker.Decision;
import dev.steptrail.tracker.Durability;
import dev.steptrail.tracker.RunResult;
import dev.steptrail.tracker.StepTracker;
import dev.steptrail.tracker.TaskInfo;
import dev.steptrail.tracker.TrackerStats;
import dev.steptrail.tracker.UnparseableReplyException;
import dev.steptrail.tracker.internal.outbox.Outbox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
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

    private static final Duration FLUSH_TIMEOUT = Duration.ofSeconds(5);

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
            description = "Also run tasks of the suite again that the phone or the model's server ended.")
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

    private @Nullable TokenPrice price() {
        TokenPrice price = modelOptions.price(this);
        if (limits.limits().maxCost() != null && price == null) {
            throw usageError("--max-cost requires --price");
        }
        return price;
    }

    private @Nullable DemoModel startDemoModel() throws IOException {
        return !labPhones.areSimulated() || modelOptions.hasUrl() ? null : DemoModel.start();
    }

    private int runInstruction(String text) throws IOException, DeviceException, InterruptedException {
        TokenPrice price = price();
        try (DemoModel demoModel = startDemoModel()) {
            ChatClient model = model(demoModel);
            try (OpenPhone phone = labPhones.openOne(this, environment())) {
                return dryRun ? askOnce(model, phone, text) : run(model, phone, text, price);
            }
        }
    }

    private ChatClient model(@Nullable DemoModel demoModel) {
        return demoModel == null
                ? modelOptions.client(this, environment())
                : new ChatClient(ModelSettings.of(demoModel.url(), DemoModel.NAME), null);
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
                Duration.ofMillis(waitMillis));
    }

    private StepTracker tracker(ChatClient model, Durability durability) throws IOException {
        return StepTracker.builder(openOutbox().folder())
                .agent("steptrail")
                .model(model.settings().model())
                .recordModelCalls(recordModelCalls)
                .durability(durability)
                .shipping(!environment().getOrDefault("STEPTRAIL_QUEUE_URL", "").isBlank())
                .shippingTimeout(SHIPPING_TIMEOUT)
                .build();
    }

    private int run(ChatClient model, OpenPhone phone, String text, @Nullable TokenPrice price) throws IOException {
        TaskInfo info = experiment.addTo(TaskInfo.of(text).onDevice(phone.name()));
        StepListener progress = new RunProgress(json ? err() : out(), err(), price == null ? null : price.currency());
        StepTracker tracker = tracker(model, Durability.QUEUED);
        try (tracker) {
            AgentRunner runner = runner(tracker, model, price, TerminalUser.of(System.in, err()));
            return run(runner, phone, text, info, progress);
        } finally {
            reportLosses(tracker.stats());
        }
    }

    private int run(AgentRunner runner, OpenPhone phone, String text, TaskInfo info, StepListener progress) {
        long startNanos = System.nanoTime();
        StopOnSignal signal = new StopOnSignal(Thread.currentThread()::interrupt);
        try (signal) {
            RunResult result = runner.run(phone, text, info, limits.limits(), progress);
            Thread.interrupted(); // the task has ended; an interruption would only cut short that it is written
            Terminal.showLine("", err());
            Duration time = Duration.ofNanos(System.nanoTime() - startNanos);
            RunReport report = new RunReport(result, phone.name(), link(String.valueOf(result.taskId())), time);
            if (json) {
                out().println(Terminal.printableJson(report.toJson().toString()));
            } else {
                report.toText().forEach(this::println);
            }
            runner.tracker().flush(FLUSH_TIMEOUT); // before a signal ends the process
            return ExitCodes.of(RunOutcome.of(result));
        }
    }

    private void reportLosses(TrackerStats stats) {
        if (!stats.droppedSteps().isEmpty() || !stats.droppedScreenshots().isEmpty() || stats.lostVerdicts() > 0) {
            printError("not recorded: steps " + stats.droppedSteps() + ", screenshots " + stats.droppedScreenshots()
                    + ", " + stats.lostVerdicts() + " verdicts; the last error is: " + stats.lastError());
        }
    }

    /** Returns the address of a task in the viewer; its id if the API is not known. */
    private String link(String taskId) {
        String api = environment().getOrDefault("STEPTRAIL_API", "").strip().replaceFirst("/+$", "");
        return api.isEmpty() ? taskId : api + "/tasks/" + taskId;
    }

    /** Asks the model with a tracker in a temporary folder, because no task is recorded. */
    private int askOnce(ChatClient model, OpenPhone phone, String text)
            throws IOException, DeviceException, InterruptedException {
        Path folder = Files.createTempDirectory("steptrail-dry-run");
        try (StepTracker unused = StepTracker.builder(folder).shipping(false).build()) {
            Decision decision = runner(unused, model, null, UserInteraction.NONE)
                    .agent(phone, TaskInfo.of(text), RunLimits.NONE, StepListener.NONE)
                    .ask(text);
            if (json) {
                ObjectNode object = JsonNodeFactory.instance.objectNode().put("thinking", decision.thinking());
                object.putPOJO("action", decision.action());
                out().println(Terminal.printableJson(object.toString()));
            } else {
                println("thinking: " + decision.thinking());
                println("action:   " + ActionText.of(decision.action()) + " (not executed)");
            }
            return 0;
        } catch (UnparseableReplyException e) {
            printError(e.getMessage());
            return ExitCodes.of(RunOutcome.UNPARSEABLE_REPLY);
        } catch (ChatException e) {
            printError(e.getMessage());
            return ExitCodes.of(RunOutcome.MODEL_ERROR);
        } finally {
            TemporaryFolder.delete(folder);
        }
    }

    private int runSuite(Path file) throws IOException, DeviceException, InterruptedException {
        SuiteExecution execution = SuiteExecution.of(
                file,
                new SuiteExecution.Options(experiment.name(), limits.limits(), junit, retryErrors, json),
                this::link,
                this);
        TokenPrice price = price();
        List<OpenPhone> phones = new ArrayList<>();
        Outbox outbox = openOutbox();
        try (DemoModel demoModel = startDemoModel()) {
            ChatClient model = model(demoModel);
            labPhones.openAll(phones, this, environment());
            StepTracker tracker = tracker(model, Durability.WRITTEN);
            try (tracker) {
                AgentRunner runner = runner(tracker, model, price, UserInteraction.NONE);
                StopOnSignal signal = new StopOnSignal(execution::stop);
                try (signal) {
                    return execution.run(phones, tracker, outbox, runner, agentSettings(model));
                }
            } finally {
                reportLosses(tracker.stats());
            }
        } finally {
            phones.forEach(OpenPhone::close);
        }
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
}
