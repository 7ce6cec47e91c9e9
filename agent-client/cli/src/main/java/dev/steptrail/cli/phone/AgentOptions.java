package dev.steptrail.cli.phone;

import dev.steptrail.cli.command.SteptrailCommand;
import dev.steptrail.phone.autoglm.AppTable;
import dev.steptrail.phone.autoglm.SystemPrompt;
import dev.steptrail.phone.autoglm.TokenPrice;
import dev.steptrail.phone.model.ChatClient;
import dev.steptrail.phone.model.ModelSettings;
import dev.steptrail.stepformat.Sha256;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The options of the agent that operates a phone: its model, texts, prices and waiting. */
final class AgentOptions {
    static final String VARIABLES = "%n  STEPTRAIL_MODEL_URL  URL of the model's API, unless --model-url is given"
            + "%n  STEPTRAIL_MODEL      the model, unless --model is given"
            + "%n  STEPTRAIL_MODEL_KEY  the key of the model's API";

    private static final int HASH_LENGTH = 12;

    @Option(
            names = "--model-url",
            paramLabel = "URL",
            description = "An OpenAI-compatible API, such as http://localhost:8000/v1 (default: $STEPTRAIL_MODEL_URL).")
    private @Nullable String url;

    @Option(
            names = "--model",
            paramLabel = "NAME",
            description = "The model (default: $STEPTRAIL_MODEL, or " + ModelSettings.DEFAULT_MODEL + ").")
    private @Nullable String model;

    @Option(
            names = "--system-prompt",
            paramLabel = "FILE",
            description = "The system message for the model (default: a built-in one in Chinese or English).")
    private @Nullable Path systemPrompt;

    @Option(
            names = "--apps",
            paramLabel = "FILE",
            description = "Names of further apps, with lines such as com.example.shop: Shop.")
    private @Nullable Path apps;

    @Option(
            names = "--price",
            paramLabel = "PRICE",
            description = "Price of a million input and output tokens, such as CNY:2,8, or of input, cached input and"
                    + " output tokens: CNY:2,0.5,8.")
    private @Nullable String price;

    @Option(
            names = "--wait-after-action",
            paramLabel = "MS",
            description = "Milliseconds to wait after an input for its effect on the screen (default: 1000).")
    private int waitMillis = 1000;

    /** @throws ParameterException if an option is not valid */
    void check(SteptrailCommand command) {
        command.requireAtLeast(0, "--wait-after-action", waitMillis);
    }

    Duration waitAfterAction() {
        return Duration.ofMillis(waitMillis);
    }

    /** Returns whether {@code --model-url} is given. */
    boolean hasUrl() {
        return url != null;
    }

    /** @throws ParameterException if the URL is missing or not valid, in the options and the environment variables */
    ChatClient client(SteptrailCommand command, Map<String, String> environment) {
        String address = url == null ? environment.getOrDefault("STEPTRAIL_MODEL_URL", "") : url;
        if (address.isBlank()) {
            throw command.usageError("missing model (expected --model-url or STEPTRAIL_MODEL_URL, such as"
                    + " http://localhost:8000/v1; --demo-phone needs none)");
        }
        try {
            return ChatClient.fromEnvironment(ModelSettings.of(address, name(environment)), environment);
        } catch (IllegalArgumentException e) {
            throw command.usageError(String.valueOf(e.getMessage()));
        }
    }

    private String name(Map<String, String> environment) {
        String variable = environment.getOrDefault("STEPTRAIL_MODEL", "");
        if (model != null) {
            return model;
        }
        return variable.isBlank() ? ModelSettings.DEFAULT_MODEL : variable;
    }

    /** Returns the settings that all tasks of an experiment must have in common. */
    Map<String, String> settings(ChatClient client) throws IOException {
        return Map.of(
                "model",
                client.settings().model(),
                "system prompt",
                systemPromptHash(),
                "wait after actions",
                waitMillis + " ms");
    }

    /** @throws ParameterException if the file does not exist or is empty */
    SystemPrompt systemPrompt(SteptrailCommand command) throws IOException {
        try {
            return systemPrompt == null ? SystemPrompt.builtIn() : SystemPrompt.ofFile(systemPrompt);
        } catch (NoSuchFileException e) {
            throw command.usageError("--system-prompt: " + systemPrompt + " does not exist");
        } catch (IllegalArgumentException e) {
            throw command.usageError("--system-prompt: " + systemPrompt + " is empty");
        }
    }

    /** Returns a text that changes if the system message changes. */
    private String systemPromptHash() throws IOException {
        return systemPrompt == null
                ? "built in"
                : Sha256.hex(Files.readAllBytes(systemPrompt)).substring(0, HASH_LENGTH);
    }

    /** @throws ParameterException if the file does not exist or is not valid */
    AppTable apps(SteptrailCommand command) throws IOException {
        try {
            return apps == null ? AppTable.builtIn() : AppTable.withFile(apps);
        } catch (NoSuchFileException e) {
            throw command.usageError("--apps: " + apps + " does not exist");
        } catch (IllegalArgumentException e) {
            throw command.usageError("--apps: " + e.getMessage());
        }
    }

    /**
     * Returns the price of the tokens; null if it is not given.
     *
     * @param costLimit the name of a limit that requires the price; null if the cost is not limited
     * @throws ParameterException if the price is not valid, or required and not given
     */
    @Nullable
    TokenPrice price(@Nullable String costLimit, SteptrailCommand command) {
        if (price == null && costLimit != null) {
            throw command.usageError(costLimit + " requires --price, such as CNY:2,8");
        } else if (price == null) {
            return null;
        }
        String[] parts = price.split("[:,]", -1);
        try {
            if (price.matches("[^:]*:[^:]*") && (parts.length == 3 || parts.length == 4)) {
                BigDecimal input = new BigDecimal(parts[1]);
                BigDecimal cached = parts.length == 3 ? input : new BigDecimal(parts[2]);
                return new TokenPrice(parts[0], input, cached, new BigDecimal(parts[parts.length - 1]));
            }
        } catch (NumberFormatException e) {
            throw command.usageError("--price '" + price + "': the prices must be numbers, as in CNY:2,8");
        } catch (IllegalArgumentException e) {
            throw command.usageError("--price '" + price + "': " + e.getMessage());
        }
        throw command.usageError("--price '" + price + "' must have the form CNY:2,8 or CNY:2,0.5,8");
    }
}
