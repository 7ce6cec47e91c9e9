package dev.steptrail.cli.phone;

import dev.steptrail.cli.command.StopOnSignal;
import dev.steptrail.cli.judging.TemporaryFolder;
import dev.steptrail.cli.phone.run.OpenPhone;
import dev.steptrail.cli.phone.suite.SuiteExecution;
import dev.steptrail.cli.phone.suite.SuiteFileException;
import dev.steptrail.cli.shipping.OutboxCommand;
import dev.steptrail.phone.autoglm.RunOutcome;
import dev.steptrail.phone.autoglm.TokenPrice;
import dev.steptrail.phone.autoglm.UserInteraction;
import dev.steptrail.phone.device.DeviceException;
import dev.steptrail.phone.model.ChatClient;
import dev.steptrail.tracker.Durability;
import dev.steptrail.tracker.StepTracker;
import dev.steptrail.tracker.TaskInfo;
import dev.steptrail.tracker.internal.outbox.Outbox;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
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
    public static final String PHONE_VARIABLES = AgentOptions.VARIABLES + DeviceOptions.VARIABLES;

    /** How long the command waits for its shipper to deliver the last steps. */
    private static final Duration SHIPPING_TIMEOUT = Duration.ofSeconds(30);

    /** The delivery takes up to 30 s; a request to a phone ends at an interruption, or at its deadline. */
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(60);

    @Parameters(arity = "0..1", paramLabel = "INSTRUCTION", description = "What the model does on the phone.")
    private @Nullable String instruction;

    @Option(names = "--suite", paramLabel = "FILE", description = "Execute the cases of this file (docs/suites.md).")
    private @Nullable Path suite;

    @Mixin
    private final LabPhones labPhones = new LabPhones();

    @Mixin
    private final AgentOptions agent = new AgentOptions();

    @Mixin
    private final LimitOptions limits = new LimitOptions();

    @Mixin
    private final ExperimentOptions experiment = new ExperimentOptions();

    @Option(names = "--junit", paramLabel = "FILE", description = "Write the results of the suite as JUnit XML.")
    private @Nullable Path junit;

    @Option(
            names = "--retry-errors",
            description =
                    "Also run tasks of the suite again that the phone, the model's server or before_each ended, and judge"
                            + " those again whose evaluator failed.")
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
        try (StopOnSignal signal = new StopOnSignal(Thread.currentThread()::interrupt, STOP_TIMEOUT, () -> {})) {
            return execute(signal);
        }
    }

    private int execute(StopOnSignal signal) throws IOException {
        try {
            return suite == null ? runInstruction(String.valueOf(instruction)) : runSuite(suite, signal);
        } catch (SuiteFileException e) {
            printError(e.getMessage());
            return spec().exitCodeOnInvalidInput();
        } catch (DeviceException e) {
            printError(e.getMessage());
            return PhoneCommand.exitCode(RunOutcome.DEVICE_ERROR);
        } catch (ClosedByInterruptException | InterruptedException e) {
            Thread.currentThread().interrupt();
            return PhoneCommand.exitCode(RunOutcome.CANCELLED);
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
        agent.check(this);
    }

    private int runInstruction(String text) throws IOException, DeviceException, InterruptedException {
        TokenPrice price = agent.price(limits.limits().cost() == null ? null : "--max-cost", this);
        try (AgentFactory agents = agents(price);
                OpenPhone phone = labPhones.openOne(this, environment())) {
            return dryRun ? askOnce(text, agents, phone) : run(text, agents, phone);
        }
    }

    private AgentFactory agents(@Nullable TokenPrice price) throws IOException {
        return AgentFactory.of(agent, price, labPhones.areSimulated(), this, environment());
    }

    private int run(String text, AgentFactory agents, OpenPhone phone) throws IOException {
        try (Recording recording = record(agents.model(), Durability.QUEUED)) {
            UserInteraction user = TerminalUser.of(System.in, err());
            TaskInfo info = experiment.addTo(TaskInfo.of(text).onDevice(phone.name()));
            return new InstructionRun(text, agents, recording.tracker(), phone, json, this)
                    .run(info, limits.limits(), user, this::url);
        }
    }

    /** Asks the model with a tracker in a temporary folder, because no task is recorded. */
    private int askOnce(String text, AgentFactory agents, OpenPhone phone)
            throws IOException, DeviceException, InterruptedException {
        Path folder = Files.createTempDirectory("steptrail-dry-run");
        try (StepTracker unused = StepTracker.builder(folder).shipping(false).build()) {
            return new InstructionRun(text, agents, unused, phone, json, this).askOnce();
        } finally {
            TemporaryFolder.delete(folder);
        }
    }

    private int runSuite(Path file, StopOnSignal signal) throws IOException, DeviceException, InterruptedException {
        SuiteExecution.Options options = new SuiteExecution.Options(
                experiment.name(), limits.limits(), agent.waitAfterAction(), junit, retryErrors, json);
        SuiteExecution execution = new SuiteExecution(file, options, this::url, this);
        TokenPrice price = agent.price(execution.costLimit(), this);
        Thread thread = Thread.currentThread();
        signal.setStop(() -> {
            if (!execution.stop()) {
                thread.interrupt(); // which opens the phones
            }
        });
        try (AgentFactory agents = agents(price)) {
            List<OpenPhone> phones = new ArrayList<>();
            try {
                labPhones.openAll(phones, this, environment());
                return runSuite(execution, phones, agents);
            } finally {
                phones.forEach(OpenPhone::close);
            }
        }
    }

    private int runSuite(SuiteExecution execution, List<OpenPhone> phones, AgentFactory agents)
            throws IOException, InterruptedException {
        try (Recording recording = record(agents.model(), Durability.WRITTEN)) {
            StepTracker tracker = recording.tracker();
            return execution.run(
                    phones,
                    tracker,
                    recording.outbox(),
                    (phone, instruction, info, limits, listener) -> agents.create(
                                    tracker, phone, info, limits, UserInteraction.NONE, listener)
                            .run(instruction, true),
                    agent.settings(agents.model()));
        }
    }

    private Recording record(ChatClient model, Durability durability) throws IOException {
        Outbox outbox = openOutbox();
        StepTracker tracker = StepTracker.builder(outbox.folder())
                .agent("steptrail")
                .model(model.settings().model())
                .recordModelCalls(recordModelCalls)
                .durability(durability)
                .shipping(!environment().getOrDefault("STEPTRAIL_QUEUE_URL", "").isBlank())
                .shippingTimeout(SHIPPING_TIMEOUT)
                .build();
        return new Recording(outbox, tracker, outboxArgument(), json ? err() : out(), this);
    }

    /** Returns the address of a task in the viewer; null if the API is not known. */
    private @Nullable String url(UUID task) {
        String api = environment().getOrDefault("STEPTRAIL_API", "").strip().replaceFirst("/+$", "");
        return api.isEmpty() ? null : api + "/tasks/" + task;
    }
}
