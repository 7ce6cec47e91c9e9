package dev.steptrail.cli.login;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.steptrail.cli.Steptrail;
import dev.steptrail.cli.SteptrailTestBase;
import dev.steptrail.shipper.fixture.JavaProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Commands with a stored login, against an issuer that accepts each refresh token once, as issuers with refresh token
 * rotation do (RFC 9700, section 4.14.2).
 */
@Tag("slow")
class LoginRefreshIT {
    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    private Path config;

    private final List<String> refreshes = new CopyOnWriteArrayList<>();
    private final List<String> revoked = new CopyOnWriteArrayList<>();
    private HttpServer server;
    private int generation = 1;
    private int revocationStatus = 200;
    private String refreshError = "invalid_grant";

    @BeforeEach
    void startApiAndIssuer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newCachedThreadPool());
        server.createContext("/api/me", this::me);
        server.createContext("/token", this::refresh);
        server.createContext("/revoke", exchange -> {
            revoked.add(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
            send(exchange, revocationStatus, "{\"error\":\"unsupported_token_type\"}");
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Accepts only the newest access token. */
    private synchronized void me(HttpExchange exchange) throws IOException {
        boolean isValid = ("Bearer access-" + generation)
                .equals(exchange.getRequestHeaders().getFirst("Authorization"));
        send(
                exchange,
                isValid ? 200 : 401,
                isValid ? "{\"owner\":\"ann\",\"admin\":false}" : "{\"message\":\"Unauthorized\"}");
    }

    private synchronized void refresh(HttpExchange exchange) throws IOException {
        String form = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
        refreshes.add(form);
        if (!form.contains("refresh_token=refresh-" + generation)) {
            send(exchange, 400, "{\"error\":\"" + refreshError + "\",\"error_description\":\"reused\"}");
            return;
        }
        generation++;
        send(
                exchange,
                200,
                "{\"access_token\":\"access-" + generation + "\",\"token_type\":\"Bearer\",\"expires_in\":900,"
                        + "\"refresh_token\":\"refresh-" + generation + "\"}");
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private Path file() {
        return config.resolve(
                "steptrail/logins/http_127.0.0.1_" + server.getAddress().getPort() + ".json");
    }

    /** Stores a login of the first generation, as {@code steptrail login} does. */
    private void storeLogin(long secondsLeft, boolean isRefreshable) throws IOException {
        ObjectNode login = JSON.createObjectNode();
        login.put("api", address());
        login.put("issuer", "https://issuer.example.com");
        login.put("client_id", "client");
        login.put("token_endpoint", address() + "/token");
        login.put("revocation_endpoint", address() + "/revoke");
        login.put("owner", "ann");
        login.put("access_token", "access-1");
        login.put("refresh_token", isRefreshable ? "refresh-1" : null);
        login.put("expires_at", Instant.now().getEpochSecond() + secondsLeft);
        Files.createDirectories(
                file().getParent(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Files.write(file(), JSON.writeValueAsBytes(login));
        Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString("rw-------"));
    }

    private Map<String, String> environment() {
        return Map.of("STEPTRAIL_API", address(), "XDG_CONFIG_HOME", config.toString());
    }

    private SteptrailTestBase.Run run(String... arguments) {
        return SteptrailTestBase.run(environment(), arguments);
    }

    private JsonNode stored() throws IOException {
        return JSON.readTree(file().toFile());
    }

    @Test
    void concurrentProcesses_refreshOnce_andAllSucceed() throws Exception {
        storeLogin(19, true);
        List<Process> processes = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            ProcessBuilder command = JavaProcess.of(Steptrail.class, "whoami", "--json");
            command.environment().clear();
            command.environment().putAll(environment());
            processes.add(command.redirectErrorStream(true).start());
        }

        for (Process process : processes) {
            String out = new String(process.getInputStream().readAllBytes(), UTF_8);
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).as(out).isZero();
            assertThat(out).contains("\"owner\":\"ann\"", "\"token\":\"login\"");
        }
        assertThat(refreshes)
                .singleElement()
                .asString()
                .contains("grant_type=refresh_token", "client_id=client", "refresh_token=refresh-1");
        assertThat(stored().get("refresh_token").asText()).isEqualTo("refresh-2");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                .isEqualTo("rw-------");
    }

    @Test
    void tokenThatIsValidForLonger_isNotRefreshed() throws IOException {
        storeLogin(30, true);

        assertThat(run("whoami").exitCode()).isZero();

        assertThat(refreshes).isEmpty();
    }

    @Test
    void token_printsATokenThatIsNotAboutToExpire() throws IOException {
        storeLogin(19, true);

        assertThat(run("token").out()).isEqualTo("access-2" + System.lineSeparator());
    }

    @Test
    void newLoginWithAShortLifetime_isUsedBeforeItIsStored_andRefreshedAfterwards() throws IOException {
        storeLogin(5, true);
        LoginStore store = new LoginStore(Map.of("XDG_CONFIG_HOME", config.toString()), address());
        Login login = store.read();
        Files.delete(file());
        LoginToken token = new LoginToken(login, store);

        assertThat(token.token()).isEqualTo("access-1");
        token.save();
        assertThat(token.token()).isEqualTo("access-2");
    }

    @Test
    void loginWithForeignEndpoints_sendsNoToken() throws IOException {
        storeLogin(0, true);
        ObjectNode login = (ObjectNode) stored();
        login.put("api", "https://api.example.com");
        Files.write(file(), JSON.writeValueAsBytes(login));

        SteptrailTestBase.assertFailed(
                run("whoami"),
                "steptrail: " + file() + " contains a login for 'https://api.example.com' instead of " + address());
        SteptrailTestBase.assertFailed(run("logout"), "steptrail: " + file() + " contains a login for ");

        assertThat(refreshes).isEmpty();
        assertThat(revoked).isEmpty();
        assertThat(file()).doesNotExist();
    }

    @Test
    void newLogin_endsTheEarlierOne_andReportsAFailure() throws IOException {
        LoginToken token =
                new LoginToken(address(), new LoginStore(Map.of("XDG_CONFIG_HOME", config.toString()), address()));
        assertThat(token.endEarlier()).isEmpty();
        assertThat(config).isEmptyDirectory();

        storeLogin(900, true);
        assertThat(token.endEarlier()).isEmpty();
        assertThat(revoked).singleElement().asString().contains("token=refresh-1", "client_id=client");
        assertThat(file()).doesNotExist();

        storeLogin(900, true);
        revocationStatus = 503;
        assertThat(token.endEarlier())
                .hasValue("deleted the login for " + address()
                        + ", but the issuer did not revoke its refresh token (unsupported_token_type)");
        assertThat(file()).doesNotExist();
    }

    @Test
    void steptrailToken_takesPrecedence() throws IOException {
        storeLogin(900, true);
        generation = 7;

        SteptrailTestBase.Run run = SteptrailTestBase.run(
                Map.of(
                        "STEPTRAIL_API", address(),
                        "XDG_CONFIG_HOME", config.toString(),
                        "STEPTRAIL_TOKEN", "access-7"),
                "whoami");

        assertThat(run.err()).isEmpty();
        assertThat(run.out()).contains("owner   ann", "token   STEPTRAIL_TOKEN");
    }

    @ParameterizedTest
    @ValueSource(strings = {"invalid_grant", "invalid_client", "unauthorized_client"})
    void rejectedRefreshToken_isReported(String error) throws IOException {
        storeLogin(0, true);
        generation = 5;
        refreshError = error;

        SteptrailTestBase.assertFailed(
                run("whoami"),
                "steptrail: the login for " + address() + " has expired or was revoked; run steptrail login");
    }

    @Test
    void expiredLoginWithoutRefreshToken_isReported() throws IOException {
        storeLogin(0, false);

        SteptrailTestBase.assertFailed(
                run("whoami"), "steptrail: the login for " + address() + " has expired; run steptrail login");
    }

    @Test
    void tokenThatTheApiRejects_isReported() throws IOException {
        storeLogin(900, true);
        generation = 2;

        SteptrailTestBase.assertFailed(
                run("whoami"),
                "steptrail: the token of the login for " + address()
                        + " was rejected and may have expired; run steptrail login");
    }

    @Test
    void loginThatOthersMayRead_isRefused_butCanBeRevoked() throws IOException {
        storeLogin(900, true);
        Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString("rw-r--r--"));

        SteptrailTestBase.assertFailed(run("whoami"), "steptrail: other users may access " + file());
        SteptrailTestBase.Run logout = run("logout");

        assertThat(logout.exitCode()).isZero();
        assertThat(revoked).singleElement().asString().contains("token=refresh-1");
        assertThat(file()).doesNotExist();
    }

    @Test
    void logout_revokesTheRefreshToken_andDeletesTheLogin() throws IOException {
        storeLogin(0, true);

        assertThat(run("logout").out()).startsWith("signed out of " + address());

        assertThat(revoked).singleElement().asString().contains("token=refresh-1", "client_id=client");
        assertThat(file()).doesNotExist();
        assertThat(run("logout").out()).startsWith("there was no login for " + address());
        SteptrailTestBase.assertFailed(
                run("tasks"), "steptrail: not signed in to " + address() + "; run steptrail login");
    }

    @Test
    void failedRevocation_isReported_butTheLoginIsDeleted() throws IOException {
        storeLogin(0, true);
        revocationStatus = 503;

        SteptrailTestBase.assertFailed(
                run("logout"),
                "steptrail: deleted the login for " + address()
                        + ", but the issuer did not revoke its refresh token (unsupported_token_type)");

        assertThat(file()).doesNotExist();
    }
}
