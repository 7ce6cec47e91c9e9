package dev.steptrail.cli.login;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import dev.steptrail.cli.ScriptedApi;
import dev.steptrail.cli.ScriptedApi.Response;
import dev.steptrail.cli.Steptrail;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Responses of an issuer, valid and forged. */
class SignInTest {
    private static final URI REDIRECT = URI.create("http://localhost:8421/callback");
    private static final RSAKey KEY = newKey();

    @TempDir
    private Path home;

    private ScriptedApi issuer;

    @BeforeEach
    void startIssuer() throws IOException {
        issuer = new ScriptedApi();
        issuer.on("GET /keys", Response.json(200, new JWKSet(KEY.toPublicJWK()).toString()));
        discovery("");
    }

    @AfterEach
    void stopIssuer() {
        issuer.close();
    }

    private static RSAKey newKey() {
        try {
            return new RSAKeyGenerator(2048).keyID("key").generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Serves a document with the members of Cognito's.
     *
     * @param more additional members, each followed by a comma
     */
    private void discovery(String more) {
        issuer.on("GET /.well-known/openid-configuration", Response.json(200, """
                        {%s "issuer":"ISSUER", "authorization_endpoint":"ISSUER/authorize",
                         "token_endpoint":"ISSUER/token", "jwks_uri":"ISSUER/keys",
                         "userinfo_endpoint":"ISSUER/userInfo", "end_session_endpoint":"ISSUER/logout",
                         "response_types_supported":["code","token"], "subject_types_supported":["public"],
                         "token_endpoint_auth_methods_supported":["client_secret_basic","client_secret_post"],
                         "id_token_signing_alg_values_supported":["RS256"]}""".formatted(more)
                .replace("ISSUER", issuer.address())));
    }

    private SignIn signIn() throws IOException {
        return new SignIn("https://api.example.com", issuer.address(), "client", REDIRECT);
    }

    private static Map<String, String> query(URI url) {
        return Arrays.stream(url.getRawQuery().split("&"))
                .map(pair -> pair.split("=", 2))
                .collect(Collectors.toMap(pair -> pair[0], pair -> URLDecoder.decode(pair[1], StandardCharsets.UTF_8)));
    }

    private static String redirect(SignIn signIn, String parameters) {
        return REDIRECT + "?" + parameters + "&state=" + query(signIn.url()).get("state");
    }

    private JWTClaimsSet.Builder identity(SignIn signIn) {
        return identity(signIn.url());
    }

    private JWTClaimsSet.Builder identity(URI url) {
        return new JWTClaimsSet.Builder()
                .issuer(issuer.address())
                .audience("client")
                .subject("ann")
                .issueTime(Date.from(Instant.now()))
                .expirationTime(Date.from(Instant.now().plusSeconds(600)))
                .claim("nonce", query(url).get("nonce"));
    }

    private static String signed(JWTClaimsSet claims, RSAKey key) throws JOSEException {
        SignedJWT token = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("key").build(), claims);
        token.sign(new RSASSASigner(key));
        return token.serialize();
    }

    private void answerWith(String idToken) {
        issuer.on(
                "POST /token",
                Response.json(
                        200,
                        "{\"access_token\":\"access\",\"token_type\":\"Bearer\",\"expires_in\":900,"
                                + "\"refresh_token\":\"refresh\",\"id_token\":\"" + idToken + "\"}"));
    }

    @Test
    void url_requestsACode_withPkceStateAndNonce() throws IOException {
        SignIn signIn = signIn();

        assertThat(query(signIn.url()))
                .containsEntry("response_type", "code")
                .containsEntry("client_id", "client")
                .containsEntry("redirect_uri", REDIRECT.toString())
                .containsEntry("scope", "openid")
                .containsEntry("code_challenge_method", "S256")
                .containsKeys("code_challenge", "state", "nonce");
        assertThat(query(signIn().url()).values())
                .doesNotContain(query(signIn.url()).get("state"));
    }

    @Test
    void url_requestsOfflineAccess_ifTheIssuerKnowsIt() throws IOException {
        discovery("\"scopes_supported\":[\"openid\",\"offline_access\"],");

        assertThat(query(signIn().url())).containsEntry("scope", "openid offline_access");
    }

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

    @Test
    void validResponse_returnsTheTokens_andTheUsersNames() throws Exception {
        SignIn signIn = signIn();
        answerWith(signed(
                identity(signIn)
                        .claim("email", "ann@example.com")
                        .claim("name", "Ann")
                        .build(),
                KEY));

        Login login = signIn.finish(redirect(signIn, "code=c%2F1"));

        assertThat(login.owner()).isEqualTo("ann");
        assertThat(login.email()).isEqualTo("ann@example.com");
        assertThat(login.name()).isEqualTo("Ann");
        assertThat(login.accessToken()).isEqualTo("access");
        assertThat(login.refreshToken()).isEqualTo("refresh");
        assertThat(login.expiresAt()).isBetween(now() + 890, now() + 901);
        assertThat(login.tokenEndpoint()).hasToString(issuer.address() + "/token");
        assertThat(login.revocationEndpoint()).isNull();
        ScriptedApi.Request request = issuer.requests().get(1);
        assertThat(request.line()).isEqualTo("POST /token");
        assertThat(request.body())
                .contains("grant_type=authorization_code", "code=c%2F1", "client_id=client", "code_verifier=");
    }

    private static long now() {
        return Instant.now().getEpochSecond();
    }

    @Test
    void codeAlone_isAccepted() throws Exception {
        SignIn signIn = signIn();
        answerWith(signed(identity(signIn).build(), KEY));

        assertThat(signIn.finish(" 4f1c \n").owner()).isEqualTo("ann");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            http://localhost:8421/callback?code=c&state=other | belongs to another sign-in: its state differs
            http://localhost:8421/callback?code=c             | belongs to another sign-in: its state differs
            http://localhost:8421/callback?error=access_denied&state=other | belongs to another sign-in: its state differs
            http://localhost:8421/callback                    | contains neither a code nor an error
            http://local host/                                | contains neither a code nor an error
            ''                                                | no redirect URL was entered
            two words                                         | no redirect URL was entered
            """)
    void responseOfAnotherSignIn_orNone_isRejected_withoutARequest(String response, String problem) throws IOException {
        SignIn signIn = signIn();

        assertThatThrownBy(() -> signIn.finish(response))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(problem)
                .hasMessageContaining("run steptrail login again");
        assertThat(issuer.requestLines()).containsExactly("GET /.well-known/openid-configuration");
    }

    @Test
    void responseOfAnotherIssuer_isRejected() throws IOException {
        SignIn signIn = signIn();

        assertThatThrownBy(() -> signIn.finish(redirect(signIn, "code=c&iss=https%3A%2F%2Fevil.example.com")))
                .hasMessage("the redirect URL is from the issuer 'https://evil.example.com', but must be from "
                        + issuer.address() + "; sign-in was aborted");
    }

    @Test
    void responseWithoutIssuer_isRejected_ifTheIssuerAnnouncesIt() throws IOException {
        discovery("\"authorization_response_iss_parameter_supported\":true,");
        SignIn signIn = signIn();

        assertThatThrownBy(() -> signIn.finish(redirect(signIn, "code=c")))
                .hasMessage("the redirect URL is without an issuer, but must be from " + issuer.address()
                        + "; sign-in was aborted");
    }

    @Test
    void deniedSignIn_isReported() throws IOException {
        SignIn signIn = signIn();

        assertThatThrownBy(
                        () -> signIn.finish(redirect(signIn, "error=access_denied&error_description=User+cancelled")))
                .hasMessage("sign-in was cancelled or denied by the issuer (access_denied: User cancelled); run"
                        + " steptrail login again");
        assertThatThrownBy(() -> signIn.finish(redirect(signIn, "error=invalid_scope")))
                .hasMessageStartingWith("the issuer " + issuer.address() + " returned an error (invalid_scope)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"nonce", "issuer", "audience", "expired", "key", "unsigned"})
    void forgedIdToken_isRejected(String fault) throws Exception {
        SignIn signIn = signIn();
        JWTClaimsSet.Builder claims = identity(signIn);
        switch (fault) {
            case "nonce" -> claims.claim("nonce", "replayed");
            case "issuer" -> claims.issuer("https://evil.example.com");
            case "audience" -> claims.audience("another");
            case "expired" -> claims.expirationTime(Date.from(Instant.now().minusSeconds(600)));
            default -> {}
        }
        answerWith(
                fault.equals("unsigned")
                        ? new PlainJWT(claims.build()).serialize()
                        : signed(claims.build(), fault.equals("key") ? newKey() : KEY));

        assertThatThrownBy(() -> signIn.finish(redirect(signIn, "code=c")))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("the ID token of " + issuer.address() + " is invalid (");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            400 | {"error":"invalid_grant"}  | the issuer rejected the code, which is valid once and for a short time
            400 | {"error":"invalid_client","error_description":"no"} | returned an error: invalid_client: no
            503 | busy                       | /token returned an
            200 | {"access_token":"secret"}  | returned an invalid response with status 200
            200 | {"access_token":"secret    | returned an invalid response with status 200
            200 | {"access_token":"a","token_type":"Bearer"} | returned no ID token; check that its client client
            """)
    void failedTokenRequest_isReported(int status, String body, String problem) throws IOException {
        SignIn signIn = signIn();
        issuer.on("POST /token", Response.json(status, body));

        assertThatThrownBy(() -> signIn.finish(redirect(signIn, "code=c")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(problem)
                .satisfies(failure -> assertThat(failure.toString()).doesNotContain("secret"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://issuer.example.com",
                "http://127.0.0.1.example.com/pool",
                "ftp://localhost",
                "issuer.example.com",
                "not a url",
                ""
            })
    void insecureIssuer_isRefused_beforeAnyRequest(String url) {
        assertThatThrownBy(() -> new SignIn("https://api.example.com", url, "client", REDIRECT))
                .hasMessage("the deployment's issuer must begin with https://, but is '" + url
                        + "'; http is allowed only for localhost");
    }

    @ParameterizedTest
    @ValueSource(strings = {"authorization_endpoint", "token_endpoint", "jwks_uri", "revocation_endpoint"})
    void insecureEndpoint_isRefused(String name) throws IOException {
        String valid = "\"" + name + "\":\"" + issuer.address();
        issuer.on("GET /.well-known/openid-configuration", Response.json(200, """
                        {"issuer":"ISSUER", "authorization_endpoint":"ISSUER/authorize",
                         "token_endpoint":"ISSUER/token", "jwks_uri":"ISSUER/keys", "revocation_endpoint":"ISSUER/revoke",
                         "response_types_supported":["code"], "subject_types_supported":["public"],
                         "id_token_signing_alg_values_supported":["RS256"]}""".replace("ISSUER", issuer.address())
                .replace(valid, "\"" + name + "\":\"http://evil.example.com")));

        assertThatThrownBy(this::signIn)
                .hasMessageStartingWith("the " + name + " of the issuer " + issuer.address()
                        + " must begin with https://, but is 'http://evil.example.com/");
    }

    @Test
    void issuerWithoutDiscoveryDocument_orOfAnotherIssuer_isReported() {
        issuer.on("GET /.well-known/openid-configuration", Response.json(404, "{}"));
        assertThatThrownBy(this::signIn)
                .hasMessageStartingWith(
                        "failed to read the OpenID Connect discovery document of the issuer " + issuer.address() + " (")
                .hasMessageEndingWith("; check the network, and the deployment's parameter JwtIssuer");
        issuer.on("GET /.well-known/openid-configuration", Response.json(200, """
                        {"issuer":"https://evil.example.com", "jwks_uri":"https://evil.example.com/keys",
                         "authorization_endpoint":"https://evil.example.com/a", "token_endpoint":"https://evil.example.com/t",
                         "subject_types_supported":["public"], "response_types_supported":["code"],
                         "id_token_signing_alg_values_supported":["RS256"]}"""));
        assertThatThrownBy(this::signIn)
                .hasMessageStartingWith("failed to read the OpenID Connect discovery document of the issuer ")
                .hasMessageContaining("https://evil.example.com");
    }

    @Test
    void unreachableIssuer_isReported() {
        issuer.close();

        assertThatThrownBy(this::signIn)
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("failed to read the OpenID Connect discovery document of the issuer "
                        + issuer.address() + " (");
    }
}
