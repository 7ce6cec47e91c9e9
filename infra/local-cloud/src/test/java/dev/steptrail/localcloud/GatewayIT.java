package dev.steptrail.localcloud;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.SignedJWT;
import dev.steptrail.localcloud.identity.Issuer;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GatewayIT {
    private static final JsonMapper JSON = new JsonMapper();

    private final TestCloud cloud = TestCloud.shared();
    private final Issuer issuer = cloud.settings.issuer();

    @Test
    void validToken_invokesTheFunction_withAnEventInPayloadFormat2() throws Exception {
        HttpResponse<String> answer = TestCloud.send(asDemo("/echo/a%20%E5%A4%A9?x=1&x=2&y=%26&z")
                .header("X-Two", "a")
                .header("x-two", "b")
                .header("Cookie", "c=3; d=4"));

        assertThat(answer.statusCode()).isEqualTo(200);
        JsonNode seen = JSON.readTree(answer.body());
        assertThat(seen.get("routeKey").textValue()).isEqualTo("ANY /echo/{name}");
        assertThat(seen.get("rawPath").textValue()).isEqualTo("/echo/a 天");
        assertThat(seen.get("rawQueryString").textValue()).isEqualTo("x=1&x=2&y=%26&z");
        assertThat(seen.get("query")).isEqualTo(JSON.readTree("{\"x\":\"1,2\",\"y\":\"&\",\"z\":\"\"}"));
        assertThat(seen.get("path")).isEqualTo(JSON.readTree("{\"name\":\"a 天\"}"));
        assertThat(seen.get("headers").get("x-two").textValue()).isEqualTo("a,b");
        assertThat(seen.get("headers").has("cookie")).isFalse();
        assertThat(seen.get("cookies")).isEqualTo(JSON.readTree("[\"c=3\",\"d=4\"]"));
        assertThat(seen.get("method").textValue()).isEqualTo("GET");
        assertThat(seen.get("greeting").textValue()).isEqualTo("hello, steptrail-bucket");
        assertThat(seen.get("remaining").intValue()).isBetween(1, 1000);
        assertThat(seen.get("claims").get("sub").textValue()).isEqualTo("demo");
        assertThat(seen.get("claims").get("exp").textValue()).matches("[0-9]+");
        assertThat(answer.headers().firstValue("content-type")).hasValue("application/json");
        assertThat(answer.headers().allValues("set-cookie")).containsExactly("a=1", "b=2");
    }

    @Test
    void adminToken_showsItsGroups_asTheGatewayRendersLists() throws Exception {
        HttpResponse<String> answer = TestCloud.send(with(cloud.settings.token("root", true), "/echo/x"));

        assertThat(JSON.readTree(answer.body())
                        .get("claims")
                        .get("cognito:groups")
                        .textValue())
                .isEqualTo("[steptrail-admin]");
    }

    @Test
    void noToken_isUnauthorized() throws Exception {
        HttpResponse<String> answer = TestCloud.send(cloud.request("/echo/x"));

        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.body()).isEqualTo("{\"message\":\"Unauthorized\"}");
        assertThat(answer.headers().firstValue("www-authenticate")).hasValue("Bearer");
    }

    @Test
    void expiredToken_isUnauthorized() throws Exception {
        assertUnauthorized(issuer.token("demo", Map.of(), Duration.ofSeconds(-1)));
    }

    @Test
    void tokenIssuedInTheFuture_isUnauthorized() throws Exception {
        Date tomorrow = Date.from(Instant.now().plus(Duration.ofDays(1)));
        assertUnauthorized(issuer.token("demo", Map.of("nbf", tomorrow), Duration.ofDays(2)));
        assertUnauthorized(issuer.token("demo", Map.of("iat", tomorrow), Duration.ofDays(2)));
    }

    @Test
    void tokenSignedByAnotherKey_isUnauthorized() throws Exception {
        RSAKey foreign = new RSAKey.Builder(Issuer.newKey())
                .keyID(issuer.key().getKeyID())
                .build();
        assertUnauthorized(
                new Issuer(issuer.url(), issuer.audience(), foreign).token("demo", Map.of(), Duration.ofHours(1)));
    }

    @Test
    void tokenOfAnotherIssuer_isUnauthorized() throws Exception {
        assertUnauthorized(new Issuer("http://elsewhere", issuer.audience(), issuer.key())
                .token("demo", Map.of(), Duration.ofHours(1)));
    }

    @Test
    void tokenForAnotherAudience_isUnauthorized() throws Exception {
        assertUnauthorized(
                new Issuer(issuer.url(), "another", issuer.key()).token("demo", Map.of(), Duration.ofHours(1)));
    }

    @Test
    void tokenWithClientIdInsteadOfAudience_isAccepted() throws Exception {
        String token = new Issuer(issuer.url(), "", issuer.key())
                .token("demo", Map.of("aud", List.of(), "client_id", issuer.audience()), Duration.ofHours(1));

        assertThat(TestCloud.send(with(token, "/echo/x")).statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "1",
                "[]",
                "{}",
                "{\"alg\":null}",
                "{\"alg\":\"RS256\",\"jwk\":{\"kty\":null}}",
                "{\"alg\":\"RS256\",\"crit\":[null]}",
                "{\"alg\":\"RS256\",\"x5c\":[null]}"
            })
    void tokenWithAnInvalidHeader_isUnauthorized(String header) throws Exception {
        assertUnauthorized(Base64URL.encode(header) + ".e30.AAAA");
    }

    @Test
    void nullClaim_isOmitted() throws Exception {
        Map<String, Object> claims = new HashMap<>(
                SignedJWT.parse(cloud.env("STEPTRAIL_TOKEN")).getJWTClaimsSet().toJSONObject());
        claims.put("sub", null);
        JWSObject token = new JWSObject(
                new JWSHeader.Builder(JWSAlgorithm.RS256)
                        .keyID(issuer.key().getKeyID())
                        .build(),
                new Payload(JSON.writeValueAsString(claims)));
        token.sign(new RSASSASigner(issuer.key()));

        JsonNode seen =
                JSON.readTree(TestCloud.send(with(token.serialize(), "/echo/x")).body());

        assertThat(seen.get("claims").has("iss")).isTrue();
        assertThat(seen.get("claims").has("sub")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"nonsense", "a.b.c", ""})
    void malformedToken_isUnauthorized(String token) throws Exception {
        assertUnauthorized(token);
    }

    @Test
    void publicRoute_needsNoToken_andPassesTheBody() throws Exception {
        HttpResponse<String> text = TestCloud.send(cloud.request("/open")
                .header("content-type", "application/json")
                .POST(BodyPublishers.ofString("{\"å\":1}")));
        HttpResponse<String> bytes =
                TestCloud.send(cloud.request("/open").POST(BodyPublishers.ofByteArray(new byte[] {0, (byte) 0xff})));

        assertThat(JSON.readTree(text.body()).get("body").textValue()).isEqualTo("{\"å\":1}");
        assertThat(JSON.readTree(text.body()).get("isBase64Encoded").booleanValue())
                .isFalse();
        assertThat(JSON.readTree(bytes.body()).get("body").textValue()).isEqualTo("AP8=");
        assertThat(JSON.readTree(bytes.body()).get("isBase64Encoded").booleanValue())
                .isTrue();
    }

    @Test
    void unknownRoute_isNotFound() throws Exception {
        for (HttpRequest.Builder request : List.of(cloud.request("/"), cloud.request("/open"), asDemo("/echo/a/b"))) {
            HttpResponse<String> answer = TestCloud.send(request);
            assertThat(answer.statusCode()).isEqualTo(404);
            assertThat(answer.body()).isEqualTo("{\"message\":\"Not Found\"}");
        }
    }

    @Test
    void path_isDecodedOnce_beforeTheRouteIsMatched() throws Exception {
        HttpResponse<String> percent = TestCloud.send(asDemo("/echo/a%25b"));
        assertThat(percent.statusCode()).as(percent.body()).isEqualTo(200);
        assertThat(JSON.readTree(percent.body()).get("path").get("name").textValue())
                .isEqualTo("a%b");
        assertAnswer(404, "Not Found", asDemo("/echo/a%2Fb"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"%0A", "%1F", "%7F", "%5C", "%C2%85"})
    void encodedControlCharactersAndBackslashes_reachTheFunction(String encoded) throws Exception {
        HttpResponse<String> answer = TestCloud.send(asDemo("/echo/a" + encoded));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(JSON.readTree(answer.body()).get("path").get("name").textValue())
                .isEqualTo("a" + URLDecoder.decode(encoded, StandardCharsets.UTF_8));
    }

    @Test
    void ambiguousPath_isABadRequest_withABodyForAllMethods() throws Exception {
        for (String method : List.of("GET", "PUT", "DELETE")) {
            assertAnswer(
                    400, "Bad Request", asDemo("/echo/%2e%2e/x").method(method, HttpRequest.BodyPublishers.noBody()));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"limit=%zz", "%=1", "limit=1&x=%e", "limit=%-1"})
    void invalidPercentEncoding_isABadRequest(String query) throws Exception {
        assertThat(statusLineOf("/echo/x?" + query)).isEqualTo("HTTP/1.1 400 Bad Request");
        assertThat(statusLineOf("/.well-known/jwks.json?" + query)).isEqualTo("HTTP/1.1 400 Bad Request");
    }

    @Test
    void functionThatThrows_isAnInternalServerError() throws Exception {
        assertAnswer(500, "Internal Server Error", asDemo("/echo/x?do=throw"));
        assertThat(TestCloud.send(asDemo("/echo/x")).statusCode()).isEqualTo(200);
    }

    @Test
    void functionThatExceedsItsTimeout_isAnInternalServerError() throws Exception {
        long start = System.nanoTime();
        assertAnswer(500, "Internal Server Error", asDemo("/echo/x?do=sleep"));
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
        assertThat(TestCloud.send(asDemo("/echo/x")).statusCode()).isEqualTo(200);
    }

    @Test
    void responseOverSixMegabytes_isAnInternalServerError() throws Exception {
        assertAnswer(500, "Internal Server Error", asDemo("/echo/x?do=large"));
    }

    @Test
    void bodyOverTenMegabytes_isTooLarge() throws Exception {
        byte[] body = new byte[10 * 1024 * 1024 + 1];
        assertAnswer(413, "Request Entity Too Large", cloud.request("/open").POST(BodyPublishers.ofByteArray(body)));
    }

    @Test
    void headersOver10240Bytes_areTooLarge() throws Exception {
        HttpRequest.Builder large = cloud.request("/open").header("x-large", "x".repeat(10_240));
        assertAnswer(431, "Request Header Fields Too Large", large);
        HttpRequest.Builder fits = cloud.request("/echo/x").header("x-large", "x".repeat(9_800));
        assertThat(TestCloud.send(fits).statusCode()).isEqualTo(401);
    }

    @Test
    void requestsAboveTheFunctionsReservedConcurrency_findTheServiceUnavailable() throws Exception {
        List<CompletableFuture<HttpResponse<String>>> concurrent = Stream.generate(
                        () -> TestCloud.sendAsync(cloud.request("/reserved?do=sleep")))
                .limit(4)
                .toList();
        Map<Integer, String> bodies = new HashMap<>();
        for (CompletableFuture<HttpResponse<String>> answer : concurrent) {
            bodies.put(answer.get().statusCode(), answer.get().body());
        }

        assertThat(bodies)
                .containsOnlyKeys(500, 503) // the function that runs exceeds its timeout
                .containsEntry(503, "{\"message\":\"Service Unavailable\"}");
        assertThat(TestCloud.send(cloud.request("/reserved")).statusCode()).isEqualTo(200);
    }

    @Test
    void issuer_isDiscoverable_andPublishesNoPrivateKey() throws Exception {
        JsonNode configuration = JSON.readTree(TestCloud.send(cloud.request("/.well-known/openid-configuration"))
                .body());
        assertThat(configuration.get("issuer").textValue()).isEqualTo(cloud.env("STEPTRAIL_API"));
        assertThat(configuration.get("jwks_uri").textValue())
                .isEqualTo(cloud.env("STEPTRAIL_API") + "/.well-known/jwks.json");

        JsonNode key = JSON.readTree(
                        TestCloud.send(cloud.request("/.well-known/jwks.json")).body())
                .get("keys")
                .get(0);
        assertThat(key.get("kid").textValue()).isEqualTo(issuer.key().getKeyID());
        assertThat(key.has("d")).isFalse();
    }

    /** Sends the request through a socket, because Java's client rejects such URLs. */
    private String statusLineOf(String target) throws Exception {
        URI api = URI.create(cloud.env("STEPTRAIL_API"));
        try (Socket socket = new Socket(api.getHost(), api.getPort());
                BufferedReader in =
                        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))) {
            String request = "GET " + target + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                    + cloud.env("STEPTRAIL_TOKEN") + "\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            String status = in.readLine();
            assertThat(in.lines().reduce((line, next) -> next)).hasValue("{\"message\":\"Bad Request\"}");
            return status;
        }
    }

    private HttpRequest.Builder asDemo(String path) {
        return with(cloud.env("STEPTRAIL_TOKEN"), path);
    }

    private HttpRequest.Builder with(String token, String path) {
        return cloud.request(path).header("Authorization", "Bearer " + token);
    }

    private void assertUnauthorized(String token) throws Exception {
        assertAnswer(401, "Unauthorized", with(token, "/echo/x"));
    }

    private static void assertAnswer(int status, String message, HttpRequest.Builder request) throws Exception {
        HttpResponse<String> answer = TestCloud.send(request);
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(JSON.readTree(answer.body()).get("message").textValue()).isEqualTo(message);
    }
}
