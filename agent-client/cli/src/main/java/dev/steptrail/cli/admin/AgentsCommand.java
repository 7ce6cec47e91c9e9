package dev.steptrail.cli.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.steptrail.cli.api.Api;
import dev.steptrail.cli.api.ApiQuery;
import dev.steptrail.cli.command.ApiCommand;
import dev.steptrail.cli.terminal.Table;
import java.io.IOException;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "agents",
        description = {
            "Manage which senders may record tasks, and for which owners (for admins).",
            "A sender is an aws:userid, or its part before the colon, which matches all sessions of a role."
        },
        footer = {"  steptrail agents list", "  steptrail agents add AROAEXAMPLE --owner ann"})
public final class AgentsCommand extends ApiCommand {
    private static final String AGENTS = "/api/admin/agents";

    /** An {@code aws:userid} or its part before the colon: see "Unique identifiers" in the IAM user guide. */
    private static final Pattern USER_ID = Pattern.compile("[A-Za-z0-9_][\\w+=,.@:-]{0,255}");

    /** The sender to register. */
    static final class NewAgent {
        @Parameters(
                paramLabel = "SENDER",
                description = "An aws:userid, as printed by aws sts get-caller-identity, or its part before the colon.")
        private String sender;

        @Option(names = "--owner", required = true, paramLabel = "OWNER", description = "Owner of the sender's tasks.")
        private String owner;

        @Option(
                names = "--on-behalf-of",
                split = ",",
                paramLabel = "OWNER",
                description = "Other owners for whom the sender may record, separated by commas; * for all.")
        private @Nullable List<String> onBehalfOf;
    }

    @Command(name = "list", description = "List registered senders.", footer = "  steptrail agents list")
    int list() throws IOException {
        return printList(
                new ApiQuery(AGENTS, "agents").limit(Integer.MAX_VALUE),
                new Table(zone()).fields("owner", "on_behalf_of", "sender_id")::lines);
    }

    @Command(
            name = "unregistered",
            description = "List unregistered senders whose messages were rejected.",
            footer = "  steptrail agents unregistered")
    int unregistered() throws IOException {
        return printList(
                new ApiQuery("/api/admin/unregistered-senders", "unregistered_senders").limit(Integer.MAX_VALUE),
                new Table(zone()).fields("messages", "first_rejected_at", "last_rejected_at", "sender_id")::lines);
    }

    @Command(
            name = "add",
            description = "Register a sender, or change a registered one.",
            footer = {
                "  steptrail agents add AROAEXAMPLE --owner ann",
                "  steptrail agents add AROAEXAMPLE --owner ann --on-behalf-of bob,carol"
            })
    int add(@Mixin NewAgent options) throws IOException {
        String sender = options.sender;
        if (!USER_ID.matcher(sender).matches()) {
            throw usageError("SENDER must be an aws:userid (letters, digits and +=,.@:_-), but is '" + sender + "'");
        }
        ObjectNode agent = object().put("owner", options.owner);
        if (options.onBehalfOf != null) {
            options.onBehalfOf.forEach(agent.putArray("on_behalf_of")::add);
        }
        print(api().send("PUT", path(sender), agent), "registered " + sender + " for " + options.owner);
        return 0;
    }

    @Command(
            name = "remove",
            description = "Revoke a sender's permission to record. Its stored tasks remain.",
            footer = "  steptrail agents remove AROAEXAMPLE")
    void remove(
            @Parameters(paramLabel = "SENDER", description = "Sender, as printed by steptrail agents list.")
                    String sender)
            throws IOException {
        api().send("DELETE", path(sender), null);
        print(object().put("removed", sender), "removed " + sender);
    }

    private static String path(String sender) {
        return AGENTS + "/" + Api.encode(sender);
    }
}
