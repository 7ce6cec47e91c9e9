package dev.steptrail.localcloud.identity;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.JSONObjectUtils;
import dev.steptrail.localcloud.template.Template.Route.JwtAuthorizer;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SignInTest {
    private static final RSAKey KEY = Issuer.newKey();
    private static final String VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"; // of RFC 7636, appendix B
    private static final String CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
    private static final String HERE = "http://127.0.0.1:9/signed-in";

    private Instant now = Instant.parse("2026-03-01T10:00:00Z");
    private final Issuer issuer = new Issuer("http://127.0.0.1:9", "steptrail", KEY);
    private final SignIn signIn = new SignIn(issuer, Map.of("cognito:groups", List.of("steptrail-admin")), () -> now);

    @Test
    void authorize_withTheHintOfTheDemoLink_redirectsImmediately_withACodeAndTheState() {
        Map<String, String> back = back(authorize(Map.of("login_hint", "demo", "state", "a b&c=d")));

        assertThat(back).containsOnlyKeys("code", "state", "iss");
        assertThat(back).containsEntry("state", "a b&c=d").containsEntry("iss", "http://127.0.0.1:9");
    }

    @Test
    void authorize_withAnotherHint_showsThePageWithThatName() {
        IssuerResponse page = authorize(Map.of("login_hint", "\"mallory{{demo}}", "admin", "true"));

        assertThat(page.status()).isEqualTo(200);
        assertThat(page.headers()).doesNotContainKey("location");
        assertThat(page.body()).contains("name=\"user\" value=\"&quot;mallory&#123;&#123;demo}}\"");
    }

    @Test
    void authorize_withoutALoginHint_showsThePage() {
        IssuerResponse page = authorize(Map.of("state", "\"><script>{{demo}}"));

        assertThat(page.status()).isEqualTo(200);
        assertThat(page.body())
                .contains("<html lang=\"en\">", "user=demo", "admin=true&amp;", "name=\"user\" value=\"\"")
                .contains("name=\"state\" value=\"&quot;>&lt;script>&#123;&#123;demo}}\"")
                .contains("name=\"code_challenge\" value=\"" + CHALLENGE + "\"")
                .doesNotContain("<script", "{{");
        assertThat(page.headers())
                .containsEntry("cache-control", "no-store")
                .hasEntrySatisfying("content-security-policy", policy -> assertThat(policy)
                        .startsWith("default-src 'none'; style-src 'sha256-")
                        .doesNotContain("script-src", "unsafe"));
    }

    @ParameterizedTest
    @CsvSource({"zh-CN, ''", "zh, ''", "en, zh", "'', zh-Hans"})
    void authorize_usesThePreferredLanguage(String accepted, String locales) {
        IssuerResponse page =
                signIn.authorize(query(locales.isEmpty() ? Map.of() : Map.of("ui_locales", locales)), accepted);

        assertThat(page.body()).contains("<html lang=\"zh\">", "登录");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://evil.example.com/signed-in",
                "http://127.0.0.1:9/signed-in/",
                "http://127.0.0.1:9/signed-in?x=1",
                "http://127.0.0.1:9/",
                "http://localhost:9/signed-in",
                "http://localhost:8424/callback",
                "http://127.0.0.1:8421/callback",
                "https://localhost:8421/callback",
                "http://localhost:8421/callback/",
                ""
            })
    void authorize_withUnknownRedirectUri_isRejected(String foreign) {
        IssuerResponse refusal = authorize(Map.of("redirect_uri", foreign, "login_hint", "demo"));

        assertThat(refusal.status()).isEqualTo(400);
        assertThat(refusal.headers()).doesNotContainKey("location");
        assertThat(refusal.body()).contains("<code>redirect_uri</code> must be <code>" + HERE + "</code>");
    }

    @Test
    void authorize_ofAnotherClient_isRejected() {
        assertThat(authorize(Map.of("client_id", "another", "login_hint", "demo"))
                        .status())
                .isEqualTo(400);
    }

    @ParameterizedTest
    @CsvSource({
        "response_type, token, unsupported_response_type",
        "code_challenge_method, plain, invalid_request",
        "code_challenge_method, '', invalid_request",
        "code_challenge, short, invalid_request",
        "code_challenge, '', invalid_request"
    })
    void authorize_withAMissingParameter_redirectsWithAnError(String name, String value, String error) {
        Map<String, String> back = back(authorize(Map.of(name, value, "state", "s", "login_hint", "demo")));

        assertThat(back)
                .containsEntry("error", error)
                .containsEntry("state", "s")
                .doesNotContainKey("code");
    }

    @Test
    void invalidName_showsThePageAgain() {
        for (String none : List.of(" ", "a\nb", "x".repeat(257))) {
            assertThat(authorize(Map.of("user", none)).status()).isEqualTo(200);
        }
    }

    @Test
    void code_isExchangedForATokenThatIsValidForAnHour() throws Exception {
        Map<String, Object> tokens = tokens(token(code("demo")));

        assertThat(tokens)
                .containsEntry("token_type", "Bearer")
                .containsEntry("expires_in", 3600L)
                .containsKeys("refresh_token", "id_token");
        Map<String, Object> claims = claims(tokens);
        assertThat(claims).containsEntry("sub", "demo").doesNotContainKey("cognito:groups");
        assertThat((long) claims.get("exp") - (long) claims.get("iat")).isEqualTo(3600);
    }

    @Test
    void adminsToken_containsTheAdminClaims() throws Exception {
        String code = back(authorize(Map.of("user", "root", "admin", "true"))).get("code");

        assertThat(claims(tokens(token(code))))
                .containsEntry("sub", "root")
                .containsEntry("cognito:groups", List.of("steptrail-admin"));
    }

    @Test
    void idToken_repeatsTheNonce() throws Exception {
        String code =
                back(authorize(Map.of("login_hint", "demo", "nonce", "n-0S6"))).get("code");
        String identity = tokens(token(code)).get("id_token").toString();

        assertThat(verifier().verify(identity).orElseThrow()).containsEntry("nonce", "n-0S6");
    }

    @Test
    void code_isValidOnce() {
        String code = code("demo");

        assertThat(token(code).status()).isEqualTo(200);
        assertRejected(token(code), "invalid_grant");
    }

    @Test
    void code_withAWrongVerifier_isRejected_andInvalidated() {
        String code = code("demo");

        assertRejected(token(code, Map.of("code_verifier", VERIFIER.replace('d', 'e'))), "invalid_grant");
        assertRejected(token(code), "invalid_grant");
    }

    @Test
    void code_withTheChallengeAsVerifier_isRejected() {
        assertRejected(token(code("demo"), Map.of("code_verifier", CHALLENGE)), "invalid_grant");
        assertRejected(token(code("demo"), Map.of("code_verifier", "")), "invalid_grant");
    }

    @Test
    void code_forAnotherRedirectUri_isRejected() {
        assertRejected(token(code("demo"), Map.of("redirect_uri", "http://evil.example.com/")), "invalid_grant");
    }

    @ParameterizedTest
    @ValueSource(ints = {8421, 8422, 8423})
    void commandLine_getsItsCodeAtALoopbackPort_andOnlyForThatPort(int port) throws Exception {
        String callback = "http://localhost:" + port + "/callback";
        IssuerResponse answer = authorize(Map.of("user", "demo", "redirect_uri", callback));
        String location = answer.headers().get("location");
        assertThat(location).startsWith(callback + "?code=");
        String code = location.replaceFirst(".*[?&]code=([^&]+).*", "$1");
        String again = authorize(Map.of("user", "demo", "redirect_uri", callback))
                .headers()
                .get("location")
                .replaceFirst(".*[?&]code=([^&]+).*", "$1");

        assertThat(claims(tokens(token(code, Map.of("redirect_uri", callback)))))
                .containsEntry("sub", "demo");
        assertRejected(token(again), "invalid_grant");
    }

    @Test
    void form_mayRedirectToTheClient() {
        IssuerResponse page = authorize(Map.of("redirect_uri", "http://localhost:8421/callback"));

        assertThat(page.headers().get("content-security-policy"))
                .endsWith("form-action 'self' http://localhost:8421/callback");
    }

    @Test
    void revokedRefreshToken_isRejected_andUnknownTokensAreNoError() throws Exception {
        String refresh = tokens(token(code("demo"))).get("refresh_token").toString();

        assertRejected(signIn.revoke(Map.of("client_id", "another", "token", refresh)), "invalid_client");
        assertRejected(signIn.revoke(Map.of("client_id", "steptrail")), "invalid_request");
        assertThat(refresh(refresh).status()).isEqualTo(200);

        for (int i = 0; i < 2; i++) {
            assertThat(signIn.revoke(Map.of("client_id", "steptrail", "token", refresh))
                            .status())
                    .isEqualTo(200);
        }

        assertRejected(refresh(refresh), "invalid_grant");
    }

    @Test
    void code_isValidForAMinute() {
        String code = code("demo");
        now = now.plus(Duration.ofMinutes(1));

        assertRejected(token(code), "invalid_grant");
    }

    @Test
    void refreshToken_returnsNewTokens_forThirtyDays() throws Exception {
        Object refresh = tokens(token(code("demo"))).get("refresh_token");
        now = now.plus(Duration.ofDays(29));

        assertThat(claims(tokens(refresh(refresh)))).containsEntry("sub", "demo");
        assertThat(claims(tokens(refresh(refresh)))).containsEntry("sub", "demo");

        now = now.plus(Duration.ofDays(1));
        assertRejected(refresh(refresh), "invalid_grant");
    }

    @Test
    void token_ofAnotherGrantOrClient_isRejected_asInOAuth() {
        assertRejected(
                signIn.token(Map.of("client_id", "steptrail", "grant_type", "password")), "unsupported_grant_type");
        assertRejected(signIn.token(Map.of("client_id", "steptrail")), "invalid_request");
        assertRejected(signIn.token(Map.of()), "invalid_client");
        assertRejected(token(code("demo"), Map.of("client_id", "another")), "invalid_client");
        assertRejected(refresh("nonsense"), "invalid_grant");
    }

    private static Map<String, String> query(Map<String, String> changed) {
        Map<String, String> query = new HashMap<>(Map.of(
                "client_id", "steptrail",
                "redirect_uri", HERE,
                "response_type", "code",
                "code_challenge", CHALLENGE,
                "code_challenge_method", "S256"));
        query.putAll(changed);
        return query;
    }

    private IssuerResponse authorize(Map<String, String> changed) {
        return signIn.authorize(query(changed), "");
    }

    private String code(String user) {
        return back(authorize(Map.of("user", user))).get("code");
    }

    private IssuerResponse token(String code) {
        return token(code, Map.of());
    }

    private IssuerResponse token(String code, Map<String, String> changed) {
        Map<String, String> form = new HashMap<>(Map.of(
                "grant_type", "authorization_code",
                "client_id", "steptrail",
                "code", code,
                "redirect_uri", HERE,
                "code_verifier", VERIFIER));
        form.putAll(changed);
        return signIn.token(form);
    }

    private IssuerResponse refresh(Object token) {
        return signIn.token(
                Map.of("grant_type", "refresh_token", "client_id", "steptrail", "refresh_token", token.toString()));
    }

    /** Returns the parameters of the redirect to the client. */
    private static Map<String, String> back(IssuerResponse answer) {
        assertThat(answer.status()).isEqualTo(302);
        URI location = URI.create(answer.headers().get("location"));
        assertThat(location.toString()).startsWith(HERE + "?");
        return Arrays.stream(location.getRawQuery().split("&"))
                .map(pair -> pair.split("=", 2))
                .collect(Collectors.toMap(pair -> pair[0], pair -> URLDecoder.decode(pair[1], StandardCharsets.UTF_8)));
    }

    private static Map<String, Object> tokens(IssuerResponse answer) throws ParseException {
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        assertThat(answer.headers()).containsEntry("cache-control", "no-store");
        return JSONObjectUtils.parse(answer.body());
    }

    private Map<String, Object> claims(Map<String, Object> tokens) {
        return verifier().verify(tokens.get("access_token").toString()).orElseThrow();
    }

    private TokenVerifier verifier() {
        return new TokenVerifier(new JwtAuthorizer(issuer.url(), Set.of("steptrail")), issuer);
    }

    private static void assertRejected(IssuerResponse answer, String error) {
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.headers())
                .containsEntry("content-type", "application/json")
                .containsEntry("cache-control", "no-store");
        assertThat(answer.body()).contains("\"error\":\"" + error + "\"").contains("error_description");
    }
}
