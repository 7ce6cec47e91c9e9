package dev.steptrail.cli.tasks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.steptrail.cli.api.Api;
import dev.steptrail.cli.api.ApiQuery;
import dev.steptrail.cli.command.TaskCommand;
import dev.steptrail.cli.terminal.Table;
import dev.steptrail.cli.terminal.TextFormat;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "share",
        description = "Create, list or revoke share links of a task.",
        footer = {
            "  steptrail share " + TaskCommand.EXAMPLE_ID + " --for 7d",
            "  steptrail share " + TaskCommand.EXAMPLE_ID + " --list"
        })
public final class ShareCommand extends TaskCommand {
    private static final Duration MAX_LIFETIME = Duration.ofDays(366);

    private static final class Operation {
        @ArgGroup(exclusive = false)
        private @Nullable CreateOptions create;

        @Option(names = "--list", required = true, description = "List the share links of the task.")
        private boolean list;

        @Option(
                names = "--revoke",
                required = true,
                paramLabel = "SHARE",
                description = "Revoke the share link with this id, as printed by --list.")
        private @Nullable Long revoke;
    }

    private static final class CreateOptions {
        @Option(
                names = "--for",
                paramLabel = "DURATION",
                description = "How long the link works, such as 30m, 12h or 7d (default: 7d).")
        private String lifetime = "7d";

        @Option(names = "--include-sensitive", description = "Include screenshots that are marked as sensitive.")
        private boolean sensitive;

        @Option(
                names = "--details",
                description = "Include the owner, the device, S3 keys and fields that Steptrail does not know.")
        private boolean details;

        @Option(
                names = "--judgements",
                description = "Include verdicts, tags, labels and notes, without their authors, and the experiment.")
        private boolean judgements;

        @Option(names = "--model-calls", description = "Include tokens, cost, and what models received and returned.")
        private boolean modelCalls;
    }

    @ArgGroup
    private Operation operation = new Operation();

    @Override
    public Integer call() throws IOException {
        if (operation.list) {
            Table table = new Table(zone())
                    .fields("share_id", "created_by")
                    .time("CREATED", "created_at")
                    .time("EXPIRES", "expires_at")
                    .time("REVOKED", "revoked_at")
                    .yesNo("SENSITIVE", "include_sensitive")
                    .yesNo("DETAILS", "include_details")
                    .yesNo("JUDGEMENTS", "include_judgements")
                    .yesNo("MODEL CALLS", "include_model_calls");
            return printList(new ApiQuery(path("/shares"), "shares"), table::lines);
        }
        if (operation.revoke != null) {
            api().send("DELETE", path("/shares") + "/" + operation.revoke, null);
            print(object().put("revoked", operation.revoke), "revoked " + operation.revoke);
            return 0;
        }
        create(operation.create == null ? new CreateOptions() : operation.create);
        return 0;
    }

    private void create(CreateOptions options) throws IOException {
        ObjectNode body = object().put("expires_in", toIsoDuration(options.lifetime))
                .put("include_sensitive", options.sensitive)
                .put("include_details", options.details)
                .put("include_judgements", options.judgements)
                .put("include_model_calls", options.modelCalls);
        Api api = api();
        JsonNode share = api.send("POST", path("/shares"), body);
        if (json()) {
            print(share.toPrettyString());
            return;
        }
        String id = TextFormat.text(share.path("share_id"));
        println("link     " + api.address() + "/shared/" + task() + "#share="
                + share.path("token").asText());
        println("expires  " + TextFormat.time(share.path("expires_at"), zone()));
        println("share    " + id + includes(share, "include_sensitive", "sensitive screenshots")
                + includes(share, "include_details", "owner, device and S3 keys")
                + includes(share, "include_judgements", "verdicts, tags, labels and notes")
                + includes(share, "include_model_calls", "tokens, cost and model calls"));
        println("");
        println("This link is shown only once. Anyone who has it can view the task in a browser without signing in.");
        println("Programs can read the task with the token, which is the text after share=:");
        println("  curl -H \"X-Steptrail-Share: $TOKEN\" " + api.address() + "/api/shared/tasks/" + task() + "/report");
        println("  (or .../steps, .../screenshots)");
        println("The link works until it expires or is revoked:");
        println("  steptrail share " + task() + " --revoke " + id);
    }

    private static String includes(JsonNode share, String field, String contents) {
        return (share.path(field).asBoolean() ? ", with " : ", without ") + contents;
    }

    /** Converts to ISO 8601, such as {@code P7D}. */
    private String toIsoDuration(String duration) {
        if (!duration.matches("[1-9][0-9]{0,5}[mhd]")) {
            throw usageError("--for must be a duration such as 30m, 12h or 7d, but is '" + duration + "'");
        }
        String isoDuration = (duration.endsWith("d") ? "P" : "PT") + duration.toUpperCase(Locale.ROOT);
        if (Duration.parse(isoDuration).compareTo(MAX_LIFETIME) > 0) {
            throw usageError("--for must be at most " + MAX_LIFETIME.toDays() + "d, but is '" + duration + "'");
        }
        return isoDuration;
    }
}
