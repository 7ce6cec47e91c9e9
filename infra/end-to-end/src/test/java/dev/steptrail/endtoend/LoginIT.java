package dev.steptrail.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.steptrail.stepformat.Waiting;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
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
        Path file = LoggedInUser.file(config);
        ObjectNode login = (ObjectNode) new ObjectMapper().readTree(file.toFile());
        Files.writeString(
                file, login.put("access_token", "expired").put("expires_at", 1).toString());
        assertThat(demo.does("whoami")).as("with a refreshed token").contains("owner   demo");

        assertThat(demo.does("logout")).containsExactly("signed out of " + address);

        assertThat(refresh(login.get("refresh_token").asText())).contains("invalid_grant");
        assertThat(demo.tries("tasks").errors())
                .singleElement()
                .asString()
                .startsWith("steptrail: not signed in to " + address + "; run steptrail login");
    }

    @Test
    void noBrowser_readsTheRedirectUrl_fromStandardInput_andReportsThatATokenIsUsedInstead() throws Exception {
        Map<String, String> environment = LoggedInUser.environment(cloud, config);
        environment.put("STEPTRAIL_TOKEN", cloud.api().token());
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
        assertThat(result.errors()).last().asString().contains("unset it to use the login");
        assertThat(new Terminal(environment).does("whoami")).contains("owner   demo");
        environment.remove("STEPTRAIL_TOKEN");
        assertThat(new Terminal(environment).does("whoami")).contains("owner   ann");
        assertThat(Terminal.ofAdmin(cloud).does("whoami")).contains("admin   yes");
    }

    private String refresh(String token) throws IOException, InterruptedException {
        String form = "grant_type=refresh_token&client_id=steptrail&refresh_token=" + token;
        HttpRequest request = HttpRequest.newBuilder(URI.create(address + "/token"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(form))
                .build();
        return HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.ofString())
                .body();
    }
}
