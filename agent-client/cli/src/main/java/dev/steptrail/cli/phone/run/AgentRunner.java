package dev.steptrail.cli.phone.run;

import dev.steptrail.phone.autoglm.AppTable;
import dev.steptrail.phone.autoglm.AutoGlmAgent;
import dev.steptrail.phone.autoglm.Limits;
import dev.steptrail.phone.autoglm.StepListener;
import dev.steptrail.phone.autoglm.SystemPrompt;
import dev.steptrail.phone.autoglm.TokenPrice;
import dev.steptrail.phone.autoglm.UserInteraction;
import dev.steptrail.phone.model.ChatClient;
import dev.steptrail.tracker.RunResult;
import dev.steptrail.tracker.StepTracker;
import dev.steptrail.tracker.TaskInfo;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Runs AutoGLM agents with the same model.
 *
 * @param waitAfterAction the time to wait after an input for its effect on the screen
 * @param price of the model's tokens; null if it is unknown
 */
public record AgentRunner(
        StepTracker tracker,
        ChatClient model,
        SystemPrompt systemPrompt,
        AppTable apps,
        @Nullable TokenPrice price,
        UserInteraction user,
        Duration waitAfterAction)
        implements TaskRunner {
    @Override
    public RunResult run(OpenPhone phone, String instruction, TaskInfo info, Limits limits, StepListener listener) {
        return agent(phone, info, limits, listener).run(instruction, true);
    }

    public AutoGlmAgent agent(OpenPhone phone, TaskInfo info, Limits limits, StepListener listener) {
        return AutoGlmAgent.builder(tracker, phone.device(), model)
                .tasks(given -> info)
                .limits(limits)
                .systemPrompt(systemPrompt)
                .apps(apps)
                .user(user)
                .price(price)
                .waitAfterAction(waitAfterAction)
                .listener(listener)
                .build();
    }
}
