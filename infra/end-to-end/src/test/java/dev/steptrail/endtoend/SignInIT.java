package dev.steptrail.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Signs in to the local cloud as the viewer does: discovery, authorization, token, API. */
class SignInIT {
    private static final String VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"; // of RFC 7636, appendix B
    private static final String CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    private final Api anonymous = new Api(CloudProcess.shared().api().address(), null);
    private JsonNode issuer;

    @BeforeEach
    void discover() throws Exception {
        issuer = anonymous.json("/.well-known/openid-configuration");
        assertThat(issuer.get("issuer").textValue()).isEqualTo(anonymous.address());
    }

    @Test
    void signedInUser_readsTheirTasks_andRefreshesTheirToken() throws Exception {
        String task = Imports.samples().taskOf("weather-finished.json");

        JsonNode tokens = token(codeFor("demo"), VERIFIER).json();
        JsonNode later = post(Map.of(
                        "grant_type", "refresh_token",
                        "client_id", "steptrail",
                        "refresh_token", tokens.get("refresh_token").textValue()))
                .json();

        for (JsonNode given : new JsonNode[] {tokens, later}) {
            assertThat(by(given).get("/api/tasks/" + task).status()).isEqualTo(200);
        }
        JsonNode others = token(codeFor("another user"), VERIFIER).json();
        assertThat(by(others).get("/api/tasks/" + task).status()).isEqualTo(404);
        JsonNode admins = token(codeFor("root&admin=true"), VERIFIER).json();
        assertThat(by(admins).get("/api/admin/agents").status()).isEqualTo(200);
    }

    @Test
    void reusedCode_andWrongVerifier_areRejected() throws Exception {
        String code = codeFor("demo");

        assertThat(token(code, VERIFIER).status()).isEqualTo(200);
        assertInvalidGrant(token(code, VERIFIER));
        assertInvalidGrant(token(codeFor("demo"), CHALLENGE));
    }

    @Test
    void unknownRedirectUri_isRejectedWithAnErrorPage() throws Exception {
        Api.Answer refusal = anonymous.get(authorization("http://evil.example.com/signed-in") + "&login_hint=demo");

        assertThat(refusal.status()).isEqualTo(400);
        assertThat(refusal.header("location")).isEmpty();
        assertThat(refusal.text()).contains("Invalid sign-in link", "登录链接无效");
    }

    @Test
    void tokenRequestThatIsNotAForm_isRejected() throws Exception {
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(
                                        URI.create(issuer.get("token_endpoint").textValue()))
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofString("{\"client_id\":\"steptrail\"}"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("invalid_client");
    }

    private String codeFor(String hint) throws Exception {
        Api.Answer redirect =
                anonymous.get(authorization(anonymous.address() + "/signed-in") + "&user=" + hint.replace(" ", "%20"));
        assertThat(redirect.status()).isEqualTo(302);
        assertThat(redirect.header("location"))
                .startsWith(anonymous.address() + "/signed-in?")
                .contains("state=17");
        return redirect.header("location").replaceFirst(".*[?&]code=([^&]+).*", "$1");
    }

    private String authorization(String redirectUri) {
        String query = form(Map.of(
                "client_id", "steptrail",
                "redirect_uri", redirectUri,
                "response_type", "code",
                "scope", "openid",
                "state", "17",
                "code_challenge", CHALLENGE,
                "code_challenge_method", "S256"));
        String endpoint = issuer.get("authorization_endpoint").textValue();
        return endpoint.substring(anonymous.address().length()) + "?" + query;
    }

    private Api.Answer token(String code, String verifier) throws Exception {
        Map<String, String> form = new LinkedHashMap<>();
        form.put("grant_type", "authorization_code");
        form.put("client_id", "steptrail");
        form.put("redirect_uri", anonymous.address() + "/signed-in");
        form.put("code", code);
        form.put("code_verifier", verifier);
        return post(form);
    }

    private Api.Answer post(Map<String, String> form) throws Exception {
        HttpResponse<byte[]> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(
                                        URI.create(issuer.get("token_endpoint").textValue()))
                                .header("Content-Type", "application/x-www-form-urlencoded")
                                .POST(HttpRequest.BodyPublishers.ofString(form(form)))
                                .build(),
                        HttpResponse.BodyHandlers.ofByteArray());
        return new Api.Answer(answer.statusCode(), answer.headers(), answer.body());
    }

    private static String form(Map<String, String> fields) {
        return fields.entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
    }

    private Api by(JsonNode tokens) {
        return new Api(anonymous.address(), tokens.get("access_token").textValue());
    }

    private static void assertInvalidGrant(Api.Answer answer) throws Exception {
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.header("cache-control")).isEqualTo("no-store");
        assertThat(answer.json().get("error").textValue()).isEqualTo("invalid_grant");
    }
}
