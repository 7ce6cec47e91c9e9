package dev.steptrail.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code steptrail login}, {@code whoami} and {@code logout} against the local cloud's issuer. */
class LoginIT {
    private final CloudProcess cloud = CloudProcess.shared();
    private final String address = cloud.api().address();

    @TempDir
    private Path config;

    @Test
    void login_isUsedByOtherCommands_untilLogout() throws Exception {
        String task = Imports.samples().taskOf("weather-finished.json");
        Terminal demo = LoggedInUser.of(cloud, config, "demo", false);

        assertThat(demo.does("whoami"))
                .contains("owner   demo", "api     " + address, "issuer  " + address, "admin   no")
                .anyMatch(line -> line.startsWith("token   login, refreshed after "));
        assertThat(String.join("\n", demo.does("tasks", "--limit", "1000"))).contains(task);
        assertThat(demo.tries("agents", "list").errors())
                .containsExactly("steptrail: the token of the login for " + address
                        + " does not belong to an admin; run steptrail login as an admin");
        String refreshToken = stored().get("refresh_token").asText();

        assertThat(demo.does("logout")).containsExactly("signed out of " + address);

        assertThat(refresh(refreshToken)).contains("invalid_grant");
        assertThat(demo.tries("tasks").errors())
                .singleElement()
                .asString()
                .startsWith("steptrail: not signed in to " + address + "; run steptrail login");
    }

    @Test
    void expiredAccessToken_isRefreshed() throws Exception {
        Terminal demo = LoggedInUser.of(cloud, config, "demo", false);
        ObjectNode login = (ObjectNode) stored();
        login.put("access_token", "expired").put("expires_at", 1);
        Files.writeString(file(), login.toString());

        assertThat(demo.does("whoami")).contains("owner   demo");

        assertThat(stored().get("access_token").asText()).startsWith("ey");
        assertThat(stored().get("refresh_token")).isEqualTo(login.get("refresh_token"));
    }

    @Test
    void loginWhileTokenIsSet_saysWhichOneIsUsed() throws Exception {
        Map<String, String> environment = LoggedInUser.environment(cloud, config);
        environment.put("STEPTRAIL_TOKEN", cloud.api().token());

        String result = LoggedInUser.login(environment, url -> callBack(LoggedInUser.redirect(url + "&user=ann")));

        assertThat(result).startsWith("0\nsigned in to " + address + " as ann").contains("unset it to use the login");
        assertThat(new Terminal(environment).does("whoami"))
                .contains("owner   demo")
                .anyMatch(line -> line.matches("token   STEPTRAIL_TOKEN, expires 20\\d\\d-\\d\\d-\\d\\dT.*"));
    }

    @Test
    void noBrowser_readsTheRedirectUrl_fromStandardInput() throws Exception {
        Map<String, String> environment = LoggedInUser.environment(cloud, config);
        Program command = Program.steptrail(environment, "login", "--no-browser");
        Waiting.until("the command asks for the URL", () -> command.errors().size() == 3);
        assertThat(command.errors().get(0)).isEqualTo("steptrail: open this address in any browser and sign in:");
        assertThat(command.errors().get(2)).contains("http://localhost:8421/callback", "enter it here:");

        String redirect = LoggedInUser.redirect(command.errors().get(1) + "&user=ann");
        command.process().getOutputStream().write((redirect + "\n").getBytes(UTF_8));
        command.process().getOutputStream().flush();

        Program.Result result = command.finish();
        assertThat(result.exitCode()).as(result.errors().toString()).isZero();
        assertThat(result.out()).containsExactly("signed in to " + address + " as ann");
        assertThat(new Terminal(environment).does("whoami")).contains("owner   ann");
    }

    @Test
    void tokenRequestThatIsNotAForm_isRejected() throws Exception {
        HttpResponse<String> answer = requestToken("application/json", "{\"client_id\":\"steptrail\"}");

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("invalid_client");
    }

    @Test
    void signInForAnotherRedirectUri_getsAnErrorPageInBothLanguages() throws Exception {
        Api.Answer refusal = new Api(address, null)
                .get("/authorize?client_id=steptrail&response_type=code&redirect_uri=http%3A%2F%2Fevil.example.com");

        assertThat(refusal.status()).isEqualTo(400);
        assertThat(refusal.header("location")).isEmpty();
        assertThat(refusal.text()).contains("Invalid sign-in link", "登录链接无效");
    }

    private static void callBack(String url) throws IOException, InterruptedException {
        HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.discarding());
    }

    private Path file() throws IOException {
        try (Stream<Path> files = Files.list(config.resolve("steptrail/logins"))) {
            return files.filter(file -> file.toString().endsWith(".json"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private JsonNode stored() throws IOException {
        return new ObjectMapper().readTree(file().toFile());
    }

    private String refresh(String token) throws IOException, InterruptedException {
        return requestToken(
                        "application/x-www-form-urlencoded",
                        "grant_type=refresh_token&client_id=steptrail&refresh_token=" + token)
                .body();
    }

    private HttpResponse<String> requestToken(String contentType, String body)
            throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(address + "/token"))
                                .header("Content-Type", contentType)
                                .POST(HttpRequest.BodyPublishers.ofString(body))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }
}
