package dev.steptrail.phone.autoglm;

import dev.steptrail.phone.device.Device;
import dev.steptrail.phone.model.ChatClient;
import dev.steptrail.tracker.StepTracker;
import dev.steptrail.tracker.TaskInfo;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Builds an {@link AutoGlmAgent}. Not thread-safe. */
public final class AutoGlmAgentBuilder {
    final StepTracker tracker;
    final Device device;
    final ChatClient model;
    Limits limits = Limits.DEFAULT;

    @Nullable
    TokenPrice price;

    SystemPrompt systemPrompt = SystemPrompt.builtIn();
    AppTable apps = AppTable.builtIn();
    UserInteraction user = UserInteraction.NONE;
    StepListener listener = StepListener.NONE;
    Function<String, TaskInfo> tasks = TaskInfo::of;
    Duration waitAfterAction = Duration.ofSeconds(1);

    AutoGlmAgentBuilder(StepTracker tracker, Device device, ChatClient model) {
        this.tracker = Objects.requireNonNull(tracker, "tracker");
        this.device = Objects.requireNonNull(device, "device");
        this.model = Objects.requireNonNull(model, "model");
    }

    /** Sets the limits of a task. Default {@link Limits#DEFAULT}. */
    public AutoGlmAgentBuilder limits(Limits newLimits) {
        limits = newLimits;
        return this;
    }

    /** Sets the price of the model's tokens. Default unknown: no cost is computed. */
    public AutoGlmAgentBuilder price(@Nullable TokenPrice newPrice) {
        price = newPrice;
        return this;
    }

    /** Sets the system message. Default {@link SystemPrompt#builtIn}. */
    public AutoGlmAgentBuilder systemPrompt(SystemPrompt newPrompt) {
        systemPrompt = newPrompt;
        return this;
    }

    /** Sets the names of apps. Default {@link AppTable#builtIn}. */
    public AutoGlmAgentBuilder apps(AppTable newApps) {
        apps = newApps;
        return this;
    }

    /** Sets who answers the model's questions. Default {@link UserInteraction#NONE}. */
    public AutoGlmAgentBuilder user(UserInteraction newUser) {
        user = newUser;
        return this;
    }

    /** Sets who follows the steps. Default none. */
    public AutoGlmAgentBuilder listener(StepListener newListener) {
        listener = newListener;
        return this;
    }

    /**
     * Sets the properties of the tasks to record by their instruction. The agent adds the phone, unless they name one,
     * and its settings to the metadata. Default {@link TaskInfo#of}.
     */
    public AutoGlmAgentBuilder tasks(Function<String, TaskInfo> newTasks) {
        tasks = newTasks;
        return this;
    }

    /** Sets the time to wait after an input for its effect on the screen. Default 1 s, as in Open-AutoGLM. */
    public AutoGlmAgentBuilder waitAfterAction(Duration newWait) {
        waitAfterAction = newWait;
        return this;
    }

    /**
     * Builds the agent.
     *
     * @throws IllegalArgumentException if the cost is limited, but no price is set
     */
    public AutoGlmAgent build() {
        if (limits.cost() != null && price == null) {
            throw new IllegalArgumentException("a limit of cost needs the price of the model's tokens");
        }
        if (waitAfterAction.isNegative()) {
            throw new IllegalArgumentException("waitAfterAction must not be negative, but is " + waitAfterAction);
        }
        return new AutoGlmAgent(this);
    }
}
