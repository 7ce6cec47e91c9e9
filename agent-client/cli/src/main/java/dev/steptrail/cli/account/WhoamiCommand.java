package dev.steptrail.cli.account;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.steptrail.cli.api.Api;
import dev.steptrail.cli.api.TokenSource;
import dev.steptrail.cli.command.ApiCommand;
import dev.steptrail.cli.login.TokenInfo;
import dev.steptrail.cli.terminal.TextFormat;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Command;

@Command(
        name = "whoami",
        description = "Print the user whose token the commands send, and where the token comes from.",
        footer = {"  steptrail whoami", "  steptrail whoami --json"})
public final class WhoamiCommand extends ApiCommand {
    @Override
    public Integer call() throws IOException {
        String address = Api.address(environment());
        TokenSource tokens = tokens(environment(), address);
        JsonNode caller = Api.of(address, tokens).send("GET", "/api/me", null);
        TokenInfo token = TokenInfo.of(tokens);
        ObjectNode result = object();
        result.set("owner", caller.path("owner"));
        result.set("admin", caller.path("admin"));
        result.put("name", token.name());
        result.put("email", token.email());
        result.put("api", address);
        result.put("issuer", token.issuer());
        result.put("token", token.isLogin() ? "login" : "STEPTRAIL_TOKEN");
        result.put(
                "expires_at",
                token.expiresAt() == null ? null : token.expiresAt().toString());
        if (json()) {
            print(result);
            return 0;
        }
        for (String field : List.of("owner", "name", "email", "api", "issuer")) {
            if (!result.path(field).isNull()) {
                println(line(field, result.path(field).asText()));
            }
        }
        println(line("admin", result.path("admin").asBoolean() ? "yes" : "no"));
        println(line("token", result.path("token").asText() + expiry(result.path("expires_at"), token.isLogin())));
        return 0;
    }

    private String expiry(JsonNode time, boolean isRefreshed) {
        return time.isNull() ? "" : (isRefreshed ? ", refreshed after " : ", expires ") + TextFormat.time(time, zone());
    }

    private static String line(String label, String value) {
        return String.format("%-8s%s", label, value);
    }
}
