package dev.steptrail.cli.phone;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.steptrail.cli.command.SteptrailCommand;
import dev.steptrail.cli.phone.run.OpenPhone;
import dev.steptrail.cli.terminal.Terminal;
import dev.steptrail.cli.terminal.TextFormat;
import dev.steptrail.phone.autoglm.AutoGlmAgent;
import dev.steptrail.phone.autoglm.Limits;
import dev.steptrail.phone.autoglm.RunOutcome;
import dev.steptrail.phone.autoglm.StepListener;
import dev.steptrail.phone.autoglm.UserInteraction;
import dev.steptrail.phone.device.DeviceException;
import dev.steptrail.phone.model.ChatException;
import dev.steptrail.tracker.Decision;
import dev.steptrail.tracker.RunResult;
import dev.steptrail.tracker.StepTracker;
import dev.steptrail.tracker.TaskInfo;
import dev.steptrail.tracker.UnparseableReplyException;
import java.time.Duration;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The run of one instruction by a command: progress, result and exit code.
 *
 * @param json whether to print the result as JSON, and the progress to standard error
 */
record InstructionRun(
        String instruction,
        AgentFactory agents,
        StepTracker tracker,
        OpenPhone phone,
        boolean json,
        SteptrailCommand command) {
    /**
     * Runs the instruction as a task.
     *
     * @param urls returns the address of a task in the viewer; null if it is not known
     * @return the exit code
     */
    int run(TaskInfo info, Limits limits, UserInteraction user, Function<UUID, @Nullable String> urls) {
        StepListener progress = new RunProgress(json ? command.err() : command.out(), command.err(), agents.price());
        AutoGlmAgent agent = agents.create(tracker, phone, info, limits, user, progress);
        long startNanos = System.nanoTime();
        RunResult result = agent.run(instruction, true);
        Terminal.showLine("", command.err());
        UUID task = Objects.requireNonNull(result.taskId());
        Duration time = Duration.ofNanos(System.nanoTime() - startNanos);
        String url = urls.apply(task);
        RunOutcome outcome = RunOutcome.of(result);
        if (json) {
            ObjectNode object = SteptrailCommand.object()
                    .put("task_id", task.toString())
                    .put("status", result.status().wireName())
                    .put("end_reason", result.endReason().wireName())
                    .put("outcome", outcome.wireName())
                    .put("message", result.message())
                    .put("steps", result.steps())
                    .put("duration_ms", time.toMillis())
                    .put("device", phone.name())
                    .put("url", url);
            object.setAll(new ConsumptionReport(agent.consumption(), agents.price()).toJson());
            command.print(object.toPrettyString());
        } else {
            command.println(
                    outcome.wireName().replace('_', ' ') + (result.message() == null ? "" : ": " + result.message()));
            command.println("task %s  %s  %s"
                    .formatted(
                            url == null ? task : url,
                            TextFormat.count(result.steps(), "step"),
                            RunProgress.seconds(time)));
        }
        return PhoneCommand.exitCode(outcome);
    }

    /** Asks the model once, and prints its decision. Records no task; the tracker remains empty. */
    int askOnce() throws DeviceException, InterruptedException {
        try {
            AutoGlmAgent agent = agents.create(
                    tracker, phone, TaskInfo.of(instruction), Limits.DEFAULT, UserInteraction.NONE, StepListener.NONE);
            Decision decision = agent.ask(instruction);
            print(decision, new ConsumptionReport(agent.consumption(), agents.price()));
            return 0;
        } catch (UnparseableReplyException e) {
            command.printError(e.getMessage());
            return PhoneCommand.exitCode(RunOutcome.UNPARSEABLE_REPLY);
        } catch (ChatException e) {
            command.printError(e.getMessage());
            return PhoneCommand.exitCode(RunOutcome.MODEL_ERROR);
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
