package dev.steptrail.cli.phone;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.steptrail.cli.command.SteptrailCommand;
import dev.steptrail.cli.phone.run.AgentRunner;
import dev.steptrail.cli.phone.run.OpenPhone;
import dev.steptrail.cli.terminal.Terminal;
import dev.steptrail.phone.autoglm.AutoGlmAgent;
import dev.steptrail.phone.autoglm.Limits;
import dev.steptrail.phone.autoglm.RunOutcome;
import dev.steptrail.phone.autoglm.StepListener;
import dev.steptrail.phone.device.DeviceException;
import dev.steptrail.phone.model.ChatException;
import dev.steptrail.tracker.Decision;
import dev.steptrail.tracker.RunResult;
import dev.steptrail.tracker.TaskInfo;
import dev.steptrail.tracker.UnparseableReplyException;
import java.time.Duration;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The run of one instruction by a command: progress, result and exit code. */
final class InstructionRun {
    private final String instruction;
    private final AgentRunner runner;
    private final OpenPhone phone;
    private final boolean json;
    private final SteptrailCommand command;

    /** @param json whether to print the result as JSON, and the progress to standard error */
    InstructionRun(String instruction, AgentRunner runner, OpenPhone phone, boolean json, SteptrailCommand command) {
        this.instruction = instruction;
        this.runner = runner;
        this.phone = phone;
        this.json = json;
        this.command = command;
    }

    /**
     * Runs the instruction as a task.
     *
     * @param urls returns the address of a task in the viewer; null if it is not known
     * @return the exit code
     */
    int run(TaskInfo info, Limits limits, Function<UUID, @Nullable String> urls) {
        StepListener progress = new RunProgress(json ? command.err() : command.out(), command.err(), runner.price());
        AutoGlmAgent agent = runner.agent(phone, info, limits, progress);
        long startNanos = System.nanoTime();
        RunResult result = agent.run(instruction, true);
        Terminal.showLine("", command.err());
        UUID task = Objects.requireNonNull(result.taskId());
        Duration time = Duration.ofNanos(System.nanoTime() - startNanos);
        RunReport report = new RunReport(
                result,
                task,
                phone.name(),
                urls.apply(task),
                time,
                new ConsumptionReport(agent.consumption(), runner.price()));
        if (json) {
            command.print(report.toJson().toPrettyString());
        } else {
            report.toText().forEach(command::println);
        }
        return ExitCodes.of(RunOutcome.of(result));
    }

    /** Asks the model once, and prints its decision. Records no task; the runner's tracker remains empty. */
    int askOnce() throws DeviceException, InterruptedException {
        try {
            AutoGlmAgent agent = runner.agent(phone, TaskInfo.of(instruction), Limits.DEFAULT, StepListener.NONE);
            Decision decision = agent.ask(instruction);
            print(decision, new ConsumptionReport(agent.consumption(), runner.price()));
            return 0;
        } catch (UnparseableReplyException e) {
            command.printError(e.getMessage());
            return ExitCodes.of(RunOutcome.UNPARSEABLE_REPLY);
        } catch (ChatException e) {
            command.printError(e.getMessage());
            return ExitCodes.of(RunOutcome.MODEL_ERROR);
        }
    }

    private void print(Decision decision, ConsumptionReport consumption) {
        Duration time = Objects.requireNonNull(decision.modelTime());
        if (json) {
            ObjectNode object = SteptrailCommand.object().put("thinking", decision.thinking());
            object.putPOJO("action", decision.action());
            object.put("message", decision.message()).put("model_ms", time.toMillis());
            object.setAll(consumption.toJson());
            command.print(object.toPrettyString());
            return;
        }
        if (decision.thinking() != null && !decision.thinking().isBlank()) {
            command.println("thinking: " + decision.thinking());
        }
        command.println("action:   " + ActionText.of(decision.action())
                + (decision.finished() ? ": " + decision.message() : " (not executed)"));
        command.println("model:    " + (RunProgress.seconds(time) + " " + consumption.toText()).strip());
    }
}
