package dev.steptrail.cli.phone;

import dev.steptrail.cli.command.SteptrailCommand;
import dev.steptrail.cli.phone.run.OpenPhone;
import dev.steptrail.demophone.DemoModel;
import dev.steptrail.phone.autoglm.AppTable;
import dev.steptrail.phone.autoglm.AutoGlmAgent;
import dev.steptrail.phone.autoglm.Limits;
import dev.steptrail.phone.autoglm.StepListener;
import dev.steptrail.phone.autoglm.SystemPrompt;
import dev.steptrail.phone.autoglm.TokenPrice;
import dev.steptrail.phone.autoglm.UserInteraction;
import dev.steptrail.phone.model.ChatClient;
import dev.steptrail.phone.model.ModelSettings;
import dev.steptrail.tracker.StepTracker;
import dev.steptrail.tracker.TaskInfo;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ParameterException;

/**
 * Creates the agents of a command. Closing it stops the simulated model.
 *
 * @param demoModel the simulated model; null for that of the options
 * @param price of the model's tokens; null if it is unknown
 * @param waitAfterAction the time to wait after an input for its effect on the screen
 */
record AgentFactory(
        @Nullable DemoModel demoModel,
        ChatClient model,
        SystemPrompt systemPrompt,
        AppTable apps,
        @Nullable TokenPrice price,
        Duration waitAfterAction)
        implements AutoCloseable {
    /**
     * Reads the files that the options name, and starts the simulated model if the options name none.
     *
     * @param simulated whether the phones are simulated
     * @throws ParameterException if an option or a file is not valid
     */
    static AgentFactory of(
            AgentOptions options,
            @Nullable TokenPrice price,
            boolean simulated,
            SteptrailCommand command,
            Map<String, String> environment)
            throws IOException {
        SystemPrompt systemPrompt = options.systemPrompt(command);
        AppTable apps = options.apps(command);
        DemoModel demoModel = simulated && !options.hasUrl() ? DemoModel.start() : null;
        ChatClient model = demoModel == null
                ? options.client(command, environment)
                : new ChatClient(ModelSettings.of(demoModel.url(), DemoModel.NAME), null);
        return new AgentFactory(demoModel, model, systemPrompt, apps, price, options.waitAfterAction());
    }

    AutoGlmAgent create(
            StepTracker tracker,
            OpenPhone phone,
            TaskInfo info,
            Limits limits,
            UserInteraction user,
            StepListener listener) {
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

    @Override
    public void close() {
        if (demoModel != null) {
            demoModel.close();
        }
    }
}
