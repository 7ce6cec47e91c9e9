package dev.steptrail.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.steptrail.cli.api.Api;
import dev.steptrail.cli.api.Listing;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "rejected", description = "List, retry or discard rejected messages. For admins.")
final class RejectedCommand extends ApiCommand {
    private static final String REJECTED = "/api/admin/rejected";

    @Command(name = "list", description = "List rejected messages, newest first, with sender and reason.")
    int list(
            @Option(names = "--owner", paramLabel = "OWNER", description = "Only those of this owner's senders.")
                    @Nullable
                    String owner,
            @Option(names = "--sender", paramLabel = "SENDER", description = "Only those of this sender.") @Nullable
                    String sender,
            @Option(names = "--task", paramLabel = "TASK", description = "Only those of this task.") @Nullable
                    String task,
            @Option(
                            names = "--limit",
                            paramLabel = "N",
                            defaultValue = "50",
                            description = "How many at most (default: 50).")
                    int limit)
            throws IOException {
        Listing rejected = new Listing(REJECTED, "rejected")
                .with("owner", owner)
                .with("sender_id", sender)
                .with("task_id", task)
                .atMost(limit);
        return show(
                rejected,
                new Table(zone()).fields("id", "rejected_at", "sender_id", "owner", "task_id", "step_number", "reason")
                        ::lines);
    }

    @Command(name = "show", description = "Show a rejected message with its content.")
    int show(@Parameters(paramLabel = "ID", description = "As list shows it.") String id) throws IOException {
        JsonNode rejected = api().send("GET", path(id), null);
        if (json()) {
            print(rejected.toPrettyString());
        } else {
            rejected.properties().forEach(field -> {
                JsonNode value = field.getValue();
                boolean isTime = field.getKey().endsWith("_at");
                String text = isTime ? TextFormat.time(value, zone()) : TextFormat.of(value);
                println("%-13s %s".formatted(field.getKey(), text));
            });
        }
        return 0;
    }

    @Command(
            name = "retry",
            description = {
                "Process the messages again, as if their senders had sent them now.",
                "Exit code 1 if one of them is rejected again."
            })
    int retry(@Parameters(arity = "1..*", paramLabel = "ID", description = "As list shows it.") List<String> ids)
            throws IOException {
        return each(ids, (api, id) -> printOutcome(id, api.send("POST", path(id) + "/retry", null)));
    }

    @Command(name = "discard", description = "Delete the messages permanently.")
    int discard(@Parameters(arity = "1..*", paramLabel = "ID", description = "As list shows it.") List<String> ids)
            throws IOException {
        return each(ids, (api, id) -> {
            api.send("DELETE", path(id), null);
            return printOutcome(id, object().put("id", id).put("outcome", "discarded"));
        });
    }

    private boolean printOutcome(String id, JsonNode answer) {
        String outcome = answer.path("outcome").asText();
        String text =
                switch (outcome) {
                    case "rejected_again" -> "rejected again: " + TextFormat.of(answer.path("reason"));
                    case "dropped" -> "dropped: its owner has deleted the task";
                    default -> outcome;
                };
        print(answer, id + "  " + text);
        return !outcome.equals("rejected_again");
    }

    private static String path(String id) {
        return REJECTED + "/" + Api.encoded(id);
    }
}
