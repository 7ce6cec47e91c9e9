package dev.steptrail.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.steptrail.cli.api.Api;
import dev.steptrail.cli.api.Listing;
import java.io.IOException;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "agents",
        description = {
            "Manage who may send steps, and for which owners. For admins.",
            "A SENDER is a whole aws:userid, or the part before its colon, which covers all sessions."
        })
final class AgentsCommand extends ApiCommand {
    private static final String AGENTS = "/api/admin/agents";

    /** See "Unique identifiers" and "Session names" in the IAM user guide. */
    private static final Pattern USER_ID = Pattern.compile("[A-Za-z0-9_][\\w+=,.@:-]{0,255}");

    @Command(name = "list", description = "List senders.")
    int list() throws IOException {
        return show(
                new Listing(AGENTS, "agents").atMost(Integer.MAX_VALUE),
                new Table(zone()).fields("owner", "on_behalf_of", "sender_id")::lines);
    }

    @Command(name = "unregistered", description = "List unregistered senders whose messages were rejected.")
    int unregistered() throws IOException {
        return show(
                new Listing("/api/admin/unregistered-senders", "unregistered_senders").atMost(Integer.MAX_VALUE),
                new Table(zone()).fields("messages", "first_rejected_at", "last_rejected_at", "sender_id")::lines);
    }

    @Command(name = "add", description = "Register a sender, or change the owner of a registered one.")
    int add(
            @Parameters(paramLabel = "SENDER", description = "The sender's id, as ship and status print it.")
                    String sender,
            @Option(names = "--owner", required = true, paramLabel = "OWNER", description = "The owner of its tasks.")
                    String owner,
            @Option(
                            names = "--on-behalf-of",
                            split = ",",
                            paramLabel = "OWNER",
                            description = "Other owners for whom it may record, separated by commas; * for all.")
                    @Nullable
                    List<String> onBehalfOf)
            throws IOException {
        if (!USER_ID.matcher(sender).matches()) {
            throw wrong("SENDER must be an aws:userid, as ship and status print it: letters, digits and +=,.@:_-");
        }
        ObjectNode agent = object().put("owner", owner);
        if (onBehalfOf != null) {
            onBehalfOf.forEach(agent.putArray("on_behalf_of")::add);
        }
        print(api().send("PUT", path(sender), agent), "registered " + sender + " for " + owner);
        return 0;
    }

    @Command(name = "remove", description = "Revoke a sender's permission to send; its stored tasks remain.")
    int remove(@Parameters(paramLabel = "SENDER", description = "As list shows it.") String sender) throws IOException {
        api().send("DELETE", path(sender), null);
        print(object().put("removed", sender), "removed " + sender);
        return 0;
    }

    private static String path(String sender) {
        return AGENTS + "/" + Api.encoded(sender);
    }
}
