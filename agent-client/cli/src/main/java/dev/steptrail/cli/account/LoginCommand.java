package dev.steptrail.cli.account;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;

import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.oauth2.sdk.id.State;
import dev.steptrail.cli.api.Api;
import dev.steptrail.cli.api.EnvironmentToken;
import dev.steptrail.cli.command.SteptrailCommand;
import dev.steptrail.cli.login.Browser;
import dev.steptrail.cli.login.CallbackServer;
import dev.steptrail.cli.login.Login;
import dev.steptrail.cli.login.LoginStore;
import dev.steptrail.cli.login.LoginToken;
import dev.steptrail.cli.login.SignIn;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.InterruptedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.Objects;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "login",
        description = {
            "Sign in with a browser. Later commands use the login if STEPTRAIL_TOKEN is not set.",
            "The tokens are stored in a file that only you can read, and refreshed when needed.",
            "An earlier login for the same API ends when the sign-in begins."
        },
        footer = {
            "  steptrail login",
            "  steptrail login --no-browser",
            "%nEnvironment:%n  STEPTRAIL_API        URL of the API, such as https://host"
        })
public final class LoginCommand extends SteptrailCommand {
    @Option(
            names = "--no-browser",
            description = {
                "Print the address of the sign-in page, and read the address to which it redirects from standard input.",
                "Use it on a machine that you reach by SSH: open the page in the browser of your own machine."
            })
    private boolean noBrowser;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "300",
            description = "How long to wait for the browser (default: ${DEFAULT-VALUE}).")
    private int timeoutSeconds;

    @Override
    public Integer call() throws IOException {
        requireAtLeast(1, "--timeout", timeoutSeconds);
        String address = Api.address(environment());
        JsonNode settings = Api.anonymous(address).send("GET", "/api/sign-in", null);
        Login login = noBrowser ? signInElsewhere(address, settings) : signInHere(address, settings);
        LoginToken token = new LoginToken(login, new LoginStore(environment(), address));
        JsonNode caller = caller(Api.of(address, token));
        token.save();
        println("signed in to " + address + " as "
                + user(
                        login,
                        caller.path("owner").asText(),
                        caller.path("admin").asBoolean()));
        if (EnvironmentToken.isSet(environment())) {
            printError("commands use STEPTRAIL_TOKEN, which is set, instead of this login; unset it to use the login");
        }
        return 0;
    }

    /** Describes the user by the e-mail address or the name, so that the user notices a sign-in by another user. */
    private static String user(Login login, String owner, boolean isAdmin) {
        String name = Objects.requireNonNullElse(login.email(), Objects.requireNonNullElse(login.name(), owner));
        String notes = Stream.of(name.equals(owner) ? "" : "owner " + owner, isAdmin ? "admin" : "")
                .filter(note -> !note.isEmpty())
                .collect(joining(", "));
        return name + (notes.isEmpty() ? "" : " (" + notes + ")");
    }

    private static JsonNode caller(Api api) throws IOException {
        try {
            return api.send("GET", "/api/me", null);
        } catch (IOException e) {
            throw new IOException(
                    "the issuer signed you in, but the API does not accept its token: " + e.getMessage(), e);
        }
    }

    private Login signInHere(String address, JsonNode settings) throws IOException {
        State state = new State();
        try (CallbackServer callback = CallbackServer.start(state)) {
            SignIn signIn = signIn(address, settings, callback.redirectUri(), state);
            return signIn.finish(awaitBrowser(callback, signIn.url()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for the browser");
        }
    }

    private String awaitBrowser(CallbackServer callback, URI url) throws IOException, InterruptedException {
        try (Browser browser = Browser.open(environment(), url)) {
            printError(
                    browser.isOpen()
                            ? "sign in with the browser window that opens. If it does not show the sign-in page, open this"
                                    + " address on this machine:"
                            : "open this address in a browser on this machine (for a browser on another machine, use"
                                    + " --no-browser):");
            err().println(url);
            return callback.await(Duration.ofSeconds(timeoutSeconds));
        }
    }

    private Login signInElsewhere(String address, JsonNode settings) throws IOException {
        SignIn signIn = signIn(address, settings, CallbackServer.remoteRedirectUri(), new State());
        printError("open this address in any browser and sign in:");
        err().println(signIn.url());
        printError("the browser then cannot open an address that begins with " + CallbackServer.remoteRedirectUri()
                + "; copy it from the address bar, and enter it here:");
        String line = new BufferedReader(new InputStreamReader(System.in, UTF_8)).readLine();
        return signIn.finish(Objects.requireNonNullElse(line, ""));
    }

    private SignIn signIn(String address, JsonNode settings, URI redirectUri, State state) throws IOException {
        String issuer = settings.path("issuer").asText();
        SignIn signIn = new SignIn(address, issuer, settings.path("client_id").asText(), redirectUri, state);
        new LoginToken(address, new LoginStore(environment(), address))
                .endEarlier()
                .ifPresent(problem -> printError("failed to revoke the earlier login: " + problem));
        return signIn;
    }
}
