package dev.steptrail.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.steptrail.cli.api.Api;
import dev.steptrail.cli.api.Listing;
import java.io.IOException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "share",
        description = "Create, list or revoke share links of a task.",
        footer = {
            "  steptrail share " + TaskCommand.EXAMPLE + " --for 7d",
            "  steptrail share " + TaskCommand.EXAMPLE + " --list",
            ApiCommand.ENVIRONMENT
        })
final class ShareCommand extends TaskCommand {
    private static final class Choice {
        @ArgGroup(exclusive = false)
        private @Nullable New share;

        @Option(names = "--list", required = true, description = "List the share links of the task.")
        private boolean list;

        @Option(
                names = "--revoke",
                required = true,
                paramLabel = "SHARE",
                description = "Revoke the share link with this id, as printed by --list.")
        private @Nullable Long revoke;
    }

    private static final class New {
        @Option(
                names = "--for",
                paramLabel = "DURATION",
                description = "How long the link works, such as 30m, 12h or 7d (default: 7d).")
        private String time = "7d";

        @Option(names = "--include-sensitive", description = "Include screenshots that are marked as sensitive.")
        private boolean sensitive;
    }

    @ArgGroup
    private Choice choice = new Choice();

    @Override
    public Integer call() throws IOException {
        if (choice.list) {
            Table table = new Table(zone())
                    .fields("share_id", "created_by")
                    .time("CREATED", "created_at")
                    .time("EXPIRES", "expires_at")
                    .time("REVOKED", "revoked_at")
                    .yesNo("SENSITIVE", "include_sensitive");
            return show(new Listing(path("/shares"), "shares"), table::lines);
        }
        if (choice.revoke != null) {
            api().send("DELETE", path("/shares") + "/" + choice.revoke, null);
            print(object().put("revoked", choice.revoke), "revoked " + choice.revoke);
            return 0;
        }
        share(choice.share == null ? new New() : choice.share);
        return 0;
    }

    private void share(New wanted) throws IOException {
        ObjectNode body = object().put("expires_in", duration(wanted.time)).put("include_sensitive", wanted.sensitive);
        Api api = api();
        JsonNode share = api.send("POST", path("/shares"), body);
        if (json()) {
            print(share.toPrettyString());
            return;
        }
        String id = TextFormat.of(share.path("share_id"));
        println("link     " + api.address() + "/shared/" + task() + "#share="
                + share.path("token").asText());
        println("expires  " + TextFormat.time(share.path("expires_at"), zone()));
        println("share    " + id + (share.path("include_sensitive").asBoolean() ? ", with" : ", without")
                + " sensitive screenshots");
        println("");
        println("This link is shown only once. Anyone who has it can view the task in a browser without signing in.");
        println("Programs can read the task with the token, which is the text after share=:");
        println("  curl -H \"X-Steptrail-Share: $TOKEN\" " + api.address() + "/api/shared/tasks/" + task() + "/report");
        println("  (or .../steps, .../screenshots)");
        println("The link works until it expires or is revoked:");
        println("  steptrail share " + task() + " --revoke " + id);
    }

    /** Returns the time in ISO 8601, such as {@code P7D}. */
    private String duration(String time) {
        if (!time.matches("[1-9][0-9]{0,5}[mhd]")) {
            throw wrong("--for must be a duration such as 30m, 12h or 7d, but is '" + time + "'");
        }
        return (time.endsWith("d") ? "P" : "PT") + time.toUpperCase(Locale.ROOT);
    }
}
