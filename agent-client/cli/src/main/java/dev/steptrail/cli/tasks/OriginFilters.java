package dev.steptrail.cli.tasks;

import dev.steptrail.cli.api.ApiQuery;
import dev.steptrail.cli.command.ApiCommand;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that filter both lists and statistics by where a task comes from. */
public class OriginFilters {
    @Option(names = "--agent", paramLabel = "AGENT", description = "Only tasks of this agent.")
    private @Nullable String agent;

    @Option(names = "--model", paramLabel = "MODEL", description = "Only tasks of this model.")
    private @Nullable String model;

    @Option(names = "--device", paramLabel = "DEVICE", description = "Only tasks on this device.")
    private @Nullable String device;

    /** Adds the filters to a query. Names may have at most {@code maxLength} characters. */
    public final ApiQuery applyTo(ApiQuery query, int maxLength, ApiCommand command) {
        command.requireText("--agent", agent, maxLength);
        command.requireText("--model", model, maxLength);
        command.requireText("--device", device, maxLength);
        return query.withParameter("agent", agent).withParameter("model", model).withParameter("device_id", device);
    }
}
