package dev.steptrail.cli.account;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.JWTParser;
import dev.steptrail.cli.api.Api;
import dev.steptrail.cli.api.TokenSource;
import dev.steptrail.cli.command.ApiCommand;
import dev.steptrail.cli.command.SteptrailCommand;
import dev.steptrail.cli.login.Login;
import dev.steptrail.cli.login.LoginStore;
import dev.steptrail.cli.login.LoginToken;
import dev.steptrail.cli.terminal.TextFormat;
import java.io.IOException;
import java.text.ParseException;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Objects;
import picocli.CommandLine.Command;

/** The commands that show and revoke a login. */
public final class AccountCommands {
    private AccountCommands() {}

    @Command(
            name = "logout",
            description = "Revoke the tokens of steptrail login at the issuer, and delete them.",
            footer = {
                "  steptrail logout",
                "%nEnvironment:%n  STEPTRAIL_API        URL of the API, such as https://host"
            })
    public static final class Logout extends SteptrailCommand {
        @Override
        public Integer call() throws IOException {
            String address = Api.address(environment());
            boolean wasLoggedIn = new LoginToken(address, new LoginStore(environment(), address)).logout();
            println(wasLoggedIn ? "signed out of " + address : "there was no login for " + address);
            return 0;
        }
    }

    @Command(
            name = "token",
            description = {
                "Print an access token of the login, for programs that call the API themselves.",
                "The token is valid for at least a minute. Anyone with it can use the API as you until it expires."
            },
            footer = {"  steptrail token", "%nEnvironment:%n" + ApiCommand.VARIABLES})
    public static final class Token extends SteptrailCommand {
        @Override
        public Integer call() throws IOException {
            println(ApiCommand.tokens(environment(), Api.address(environment())).token());
            return 0;
        }
    }

    @Command(
            name = "whoami",
            description = "Print the user whose token the commands send, and where the token comes from.",
            footer = {"  steptrail whoami", "  steptrail whoami --json"})
    public static final class Whoami extends ApiCommand {
        @Override
        public Integer call() throws IOException {
            String address = Api.address(environment());
            TokenSource tokens = tokens(environment(), address);
            boolean isLogin = tokens instanceof LoginToken;
            JsonNode caller = Api.of(address, tokens).send("GET", "/api/me", null);
            JWTClaimsSet claims = claims(tokens);
            Date expiry = claims.getExpirationTime();
            ObjectNode result = object();
            result.set("owner", caller.path("owner"));
            result.set("admin", caller.path("admin"));
            result.put("name", Objects.toString(claims.getClaim("name"), null))
                    .put("email", Objects.toString(claims.getClaim("email"), null))
                    .put("api", address)
                    .put("issuer", claims.getIssuer())
                    .put("token", isLogin ? "login" : "STEPTRAIL_TOKEN")
                    .put(
                            "expires_at",
                            expiry == null ? null : expiry.toInstant().toString());
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
            println(line("token", result.path("token").asText() + expiry(result.path("expires_at"), isLogin)));
            return 0;
        }

        /** Returns the claims of the login, or of the token itself; none if the token is not a JWT. Not verified. */
        private static JWTClaimsSet claims(TokenSource tokens) throws IOException {
            JWTClaimsSet.Builder claims = new JWTClaimsSet.Builder();
            if (tokens instanceof LoginToken token) {
                Login login = token.login();
                claims.issuer(login.issuer())
                        .claim("name", login.name())
                        .claim("email", login.email())
                        .expirationTime(Date.from(Instant.ofEpochSecond(login.expiresAt())));
                return claims.build();
            }
            try {
                JWTClaimsSet parsed = JWTParser.parse(tokens.token()).getJWTClaimsSet();
                return parsed == null ? claims.build() : parsed;
            } catch (ParseException notJwt) {
                return claims.build();
            }
        }

        private String expiry(JsonNode time, boolean isRefreshed) {
            return time.isNull()
                    ? ""
                    : (isRefreshed ? ", refreshed after " : ", expires ") + TextFormat.time(time, zone());
        }

        private static String line(String label, String value) {
            return String.format("%-8s%s", label, value);
        }
    }
}
