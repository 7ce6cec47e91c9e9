package dev.steptrail.cli.phone;

import dev.steptrail.cli.command.SteptrailCommand;
import dev.steptrail.cli.phone.run.AgentRunner;
import dev.steptrail.demophone.DemoModel;
import dev.steptrail.phone.autoglm.AppTable;
import dev.steptrail.phone.autoglm.SystemPrompt;
import dev.steptrail.phone.autoglm.TokenPrice;
import dev.steptrail.phone.autoglm.UserInteraction;
import dev.steptrail.phone.model.ChatClient;
import dev.steptrail.phone.model.ModelSettings;
import dev.steptrail.tracker.StepTracker;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ParameterException;

/**
 * Creates the agents of a command. Closing it stops the simulated model.
 *
 * @param demoModel the simulated model; null for that of the options
 */
record AgentFactory(
        @Nullable DemoModel demoModel,
        ChatClient model,
        SystemPrompt systemPrompt,
        AppTable apps,
        Duration waitAfterAction)
        implements AutoCloseable {
    /**
     * Reads the files that the options name, and starts the simulated model if the options name none.
     *
     * @param simulated whether the phones are simulated
     * @throws ParameterException if an option or a file is not valid
     */
    static AgentFactory of(
            AgentOptions options, boolean simulated, SteptrailCommand command, Map<String, String> environment)
            throws IOException {
        SystemPrompt systemPrompt = options.systemPrompt(command);
        AppTable apps = options.apps(command);
        if (!simulated || options.hasUrl()) {
            ChatClient model = options.client(command, environment);
            return new AgentFactory(null, model, systemPrompt, apps, options.waitAfterAction());
        }
        DemoModel demoModel = DemoModel.start();
        ChatClient model = new ChatClient(ModelSettings.of(demoModel.url(), DemoModel.NAME), null);
        return new AgentFactory(demoModel, model, systemPrompt, apps, options.waitAfterAction());
    }

    /** @param price of the model's tokens; null if it is unknown */
    AgentRunner runner(StepTracker tracker, @Nullable TokenPrice price, UserInteraction user) {
        return new AgentRunner(tracker, model, systemPrompt, apps, price, user, waitAfterAction);
    }

    @Override
    public void close() {
        if (demoModel != null) {
            demoModel.close();
        }
    }
}
