package dev.steptrail.cli.account;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.cli.ScriptedApi.Response;
import dev.steptrail.cli.Steptrail;
import dev.steptrail.cli.login.SignInTestBase;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code steptrail login} with a program in place of the browser. */
class LoginCommandTest extends SignInTestBase {
    @TempDir
    private Path home;

    /** Other users of the machine can read the arguments of programs. */
    @Test
    void login_hidesItsUrlFromOtherUsers_andPrintsWhoSignedIn() throws Exception {
        Path opened = home.resolve("opened");
        Path program = Files.createDirectory(home.resolve("bin")).resolve("xdg-open");
        Files.writeString(
                program,
                "#!/bin/sh\nprintf %s \"$*\" > '" + opened + ".tmp'\n/bin/mv '" + opened + ".tmp' '" + opened + "'\n");
        assertThat(program.toFile().setExecutable(true)).isTrue();
        issuer.on(
                "GET /api/sign-in",
                Response.json(200, "{\"issuer\":\"" + issuer.address() + "\",\"client_id\":\"client\"}"));
        issuer.on("GET /api/me", Response.json(200, "{\"owner\":\"4f8a\",\"admin\":true}"));
        Map<String, String> environment = Map.of(
                "STEPTRAIL_API", issuer.address(),
                "HOME", home.toString(),
                "PATH", program.getParent().toString(),
                "DISPLAY", ":0");
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CompletableFuture<Integer> login = CompletableFuture.supplyAsync(() -> Steptrail.run(
                environment, new PrintWriter(out, true), new PrintWriter(err, true), "login", "--timeout", "30"));
        while (!Files.exists(opened) && !login.isDone()) {
            Thread.sleep(20);
        }
        assertThat(opened).as(err.toString()).exists();

        Path page = Path.of(Files.readString(opened));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(page)))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(page.getParent())))
                .isEqualTo("rwx------");
        Matcher link = Pattern.compile("content=\"0; url=([^\"]+)\"").matcher(Files.readString(page));
        assertThat(link.find()).isTrue();
        URI url = URI.create(link.group(1).replace("&amp;", "&"));
        answerWith(signed(
                identity(url)
                        .subject("4f8a")
                        .claim("email", "ann@example.com")
                        .claim("name", "Ann")
                        .build(),
                KEY));
        HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(query(url).get("redirect_uri") + "?code=c&state="
                                        + query(url).get("state")))
                                .build(),
                        HttpResponse.BodyHandlers.discarding());

        assertThat(login.get(20, SECONDS)).as(err.toString()).isZero();
        assertThat(err.toString()).contains("\n" + url + "\n");
        assertThat(out)
                .hasToString("signed in to " + issuer.address() + " as ann@example.com (owner 4f8a, admin)"
                        + System.lineSeparator());
        assertThat(page.getParent()).doesNotExist();
    }
}
