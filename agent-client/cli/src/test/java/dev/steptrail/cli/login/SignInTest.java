package dev.steptrail.cli.login;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import dev.steptrail.cli.ScriptedApi;
import dev.steptrail.cli.ScriptedApi.Response;
import java.io.IOException;
import java.time.Instant;
import java.util.Date;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Responses of an issuer, valid and forged. */
class SignInTest extends SignInTestBase {
    private static String redirect(SignIn signIn, String parameters) {
        return REDIRECT + "?" + parameters + "&state=" + query(signIn.url()).get("state");
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
}
