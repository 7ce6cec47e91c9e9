package dev.steptrail.cli.admin;

import com.fasterxml.jackson.databind.JsonNode;
import dev.steptrail.cli.api.Api;
import dev.steptrail.cli.api.ApiQuery;
import dev.steptrail.cli.command.ApiCommand;
import dev.steptrail.cli.terminal.Table;
import dev.steptrail.cli.terminal.TextFormat;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "rejected",
        description = "List, show, retry or discard messages that could not be stored (for admins).",
        footer = {"  steptrail rejected list --limit 10", "  steptrail rejected retry 17 18"})
public final class RejectedCommand extends ApiCommand {
    private static final String REJECTED = "/api/admin/rejected";
    private static final String ID_DESCRIPTION = "Message id, as printed by steptrail rejected list.";

    /** The options that filter messages. */
    static final class Filters {
        @Option(names = "--owner", paramLabel = "OWNER", description = "Only messages of the senders of this owner.")
        private @Nullable String owner;

        @Option(names = "--sender", paramLabel = "SENDER", description = "Only messages of this sender.")
        private @Nullable String sender;

        @Option(names = "--task", paramLabel = "TASK", description = "Only messages of this task.")
        private @Nullable String task;

        @Option(names = "--limit", paramLabel = "N", description = "Maximum number of messages (default: 50).")
        private int limit = 50;
    }

    @Command(
            name = "list",
            description = "List rejected messages, newest first.",
            footer = "  steptrail rejected list --sender AROAEXAMPLE")
    int list(@Mixin Filters filters) throws IOException {
        ApiQuery rejected = new ApiQuery(REJECTED, "rejected")
                .withParameter("owner", filters.owner)
                .withParameter("sender_id", filters.sender)
                .withParameter("task_id", filters.task)
                .limit(filters.limit);
        return printList(
                rejected,
                new Table(zone()).fields("id", "rejected_at", "sender_id", "owner", "task_id", "step_number", "reason")
                        ::lines);
    }

    @Command(
            name = "show",
            description = "Show a rejected message with its content.",
            footer = "  steptrail rejected show 17")
    void show(@Parameters(paramLabel = "ID", description = ID_DESCRIPTION) String id) throws IOException {
        printFields(api().send("GET", path(id), null));
    }

    @Command(
            name = "retry",
            description = "Process rejected messages again, for example after their sender was registered.",
            exitCodeList = "1:failure, or at least one message was rejected again",
            footer = "  steptrail rejected retry 17 18")
    int retry(
            @Option(names = "--no-wait", description = NO_WAIT) boolean noWait,
            @Parameters(arity = "1..*", paramLabel = "ID", description = ID_DESCRIPTION) List<String> ids)
            throws IOException {
        return runJobs(ids, noWait, (api, id) -> api.send("POST", path(id) + "/retry", null), this::printOutcome);
    }

    @Command(
            name = "discard",
            description = "Delete rejected messages permanently.",
            footer = "  steptrail rejected discard 19")
    int discard(@Parameters(arity = "1..*", paramLabel = "ID", description = ID_DESCRIPTION) List<String> ids)
            throws IOException {
        return forEachId(ids, (api, id) -> {
            api.send("DELETE", path(id), null);
            return printOutcome(id, object().put("id", id).put("outcome", "discarded"));
        });
    }

    private boolean printOutcome(String id, JsonNode response) {
        String outcome = response.path("outcome").asText();
        String text =
                switch (outcome) {
                    case "rejected_again" -> "rejected again: " + TextFormat.text(response.path("reason"));
                    case "dropped" -> "dropped: the task was deleted";
                    default -> outcome;
                };
        print(response, id + "  " + text);
        return !outcome.equals("rejected_again");
    }

    private static String path(String id) {
        return REJECTED + "/" + Api.encode(id);
    }
}
