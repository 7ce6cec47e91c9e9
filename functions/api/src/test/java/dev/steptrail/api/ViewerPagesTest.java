package dev.steptrail.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent.RequestContext;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.steptrail.aws.TestCdn;
import dev.steptrail.aws.TestParameters;
import dev.steptrail.store.TestContext;
import dev.steptrail.viewer.StaticFile;
import dev.steptrail.viewer.StaticFiles;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the viewer's pages and files, without database and bucket. */
class ViewerPagesTest {
    private static final String FILE = "GET /static/{hash}/{file+}";
    private static final Map<String, String> WITHOUT_A_DATABASE = Map.of(
            "STEPTRAIL_DATABASE_URL", "jdbc:postgresql://127.0.0.1:1/none",
            "STEPTRAIL_DATABASE_USER", "test",
            "STEPTRAIL_DATABASE_PASSWORD", "none");
    private static final StaticFiles FILES = StaticFiles.load();

    private final ApiHandler handler = handler(Map.of());

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /",
                "GET /tasks",
                "GET /tasks/{task_id}",
                "GET /compare",
                "GET /insights",
                "GET /shared/{task_id}",
                "GET /signed-in"
            })
    void everyPage_withAnyQueryAndWithoutToken_isTheSameDocument(String route) {
        APIGatewayV2HTTPResponse page =
                get(handler, route, Map.of("task_id", "</script>"), "code=1&state=%3Cscript%3E");

        assertThat(page.getStatusCode()).isEqualTo(200);
        assertThat(page.getHeaders())
                .containsEntry("content-type", "text/html; charset=utf-8")
                .containsEntry("cache-control", "no-cache")
                .containsEntry("referrer-policy", "no-referrer")
                .containsEntry("x-content-type-options", "nosniff")
                .containsEntry("cross-origin-opener-policy", "same-origin")
                .containsEntry("strict-transport-security", "max-age=31536000")
                .containsKey("permissions-policy");
        assertThat(LambdaInvoker.text(page))
                .isEqualTo(LambdaInvoker.text(page(handler)))
                .doesNotContain("{{");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/no-such-page", "/tasks/", "/apis", "/index.html"})
    void unknownPath_openedByABrowser_isTheDocumentWithStatus404(String path) {
        APIGatewayV2HTTPResponse page = unknown("GET", path, "text/html,application/xhtml+xml,*/*;q=0.8");

        assertThat(page.getStatusCode()).isEqualTo(404);
        assertThat(page.getHeaders()).isEqualTo(page(handler).getHeaders());
        assertThat(LambdaInvoker.text(page)).isEqualTo(LambdaInvoker.text(page(handler)));
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /no-such-page, */*",
        "GET, /no-such-page,",
        "POST, /no-such-page, text/html",
        "GET, /api, text/html",
        "GET, /api/no-such-route, text/html",
        "GET, /static/, text/html"
    })
    void unknownPath_ofAnotherRequest_is404(String method, String path, String accept) {
        assertNotFound(unknown(method, path, accept));
    }

    private APIGatewayV2HTTPResponse unknown(String method, String path, String accept) {
        RequestContext.Http http =
                RequestContext.Http.builder().withMethod(method).withPath(path).build();
        return LambdaInvoker.invoke(
                handler,
                APIGatewayV2HTTPEvent.builder()
                        .withRouteKey("$default")
                        .withRawPath(path)
                        .withHeaders(accept == null ? null : Map.of("accept", accept))
                        .withRequestContext(
                                RequestContext.builder().withHttp(http).build())
                        .build(),
                new TestContext());
    }

    @Test
    void page_referencesFilesByTheHashOfTheirContent_whichAreCompressedForBrowsers() {
        assertThat(names()).hasSize(3);
        for (String name : names()) {
            StaticFile stored = FILES.file(name).orElseThrow();
            APIGatewayV2HTTPResponse plain = file("bundle", name);
            APIGatewayV2HTTPResponse compressed = LambdaInvoker.invoke(
                    handler,
                    APIGatewayV2HTTPEvent.builder()
                            .withRouteKey(FILE)
                            .withPathParameters(Map.of("hash", "bundle", "file", name))
                            .withHeaders(Map.of("accept-encoding", "gzip, deflate, br"))
                            .build(),
                    new TestContext());

            assertThat(plain.getStatusCode()).as(name).isEqualTo(200);
            assertThat(plain.getHeaders())
                    .containsEntry("content-type", stored.contentType())
                    .containsEntry("cache-control", "public, max-age=31536000, immutable")
                    .containsEntry("vary", "accept-encoding")
                    .containsEntry("x-content-type-options", "nosniff")
                    .doesNotContainKeys("content-encoding", "etag");
            assertThat(LambdaInvoker.text(plain)).isNotEmpty();
            assertThat(compressed.getHeaders())
                    .containsEntry("content-encoding", "gzip")
                    .containsEntry("content-type", stored.contentType());
            assertThat(LambdaInvoker.bytes(compressed)).isEqualTo(stored.gzip());
        }
    }

    private List<String> names() {
        return Pattern.compile("\"/static/bundle/([^\"]+)\"")
                .matcher(LambdaInvoker.text(page(handler)))
                .results()
                .map(name -> name.group(1))
                .toList();
    }

    @Test
    void config_isThatOfSignIn_andItsTextsAreEscaped() throws Exception {
        String hostile = "</script><script>alert(1)</script><!--";

        APIGatewayV2HTTPResponse page = page(handler(Map.of("STEPTRAIL_CLIENT_ID", hostile)));

        assertThat(config(page(handler)).toString())
                .isEqualTo(
                        "{\"issuer\":\"https://issuer.example.com/pool\",\"client_id\":\"viewer\",\"scope\":\"openid\"}");
        assertThat(LambdaInvoker.text(page)).doesNotContain("alert(1)<", "</script><script>");
        assertThat(config(page).get("client_id").asText()).isEqualTo(hostile);
    }

    @Test
    void policy_allowsOnlyTheViewerTheBucketAndTheIssuer() {
        assertThat(page(handler).getHeaders().get("content-security-policy"))
                .isEqualTo("default-src 'none'; script-src 'self';"
                        + " require-trusted-types-for 'script'; trusted-types lit-html; style-src 'self';"
                        + " img-src 'self' https://trail.s3.eu-central-1.amazonaws.com;"
                        + " connect-src 'self' https://trail.s3.eu-central-1.amazonaws.com https://issuer.example.com;"
                        + " base-uri 'none'; form-action 'none';"
                        + " frame-ancestors 'none'");
    }

    @Test
    void policy_withCdn_allowsIt() {
        try (TestParameters parameters = TestParameters.start()) {
            ApiHandler behindCdn = handler(TestCdn.settings(parameters));

            assertThat(page(behindCdn).getHeaders().get("content-security-policy"))
                    .containsPattern("img-src [^;]* https://d1.cloudfront.net;")
                    .containsPattern("connect-src [^;]* https://d1.cloudfront.net ");
            assertThat(parameters.reads()).as("reads of the private key").isZero();
        }
    }

    @Test
    void policy_withSeparateSignInOrigin_allowsIt() {
        ApiHandler cognito = handler(Map.of(
                "AWS_ENDPOINT_URL_S3",
                "http://127.0.0.1:9000/",
                "STEPTRAIL_SIGN_IN_ORIGIN",
                "https://steptrail.auth.eu-central-1.amazoncognito.com"));

        assertThat(page(cognito).getHeaders().get("content-security-policy"))
                .contains("img-src 'self' http://127.0.0.1:9000;")
                .contains("connect-src 'self' http://127.0.0.1:9000 https://issuer.example.com"
                        + " https://steptrail.auth.eu-central-1.amazoncognito.com;");
    }

    @ParameterizedTest
    @CsvSource({
        "STEPTRAIL_ISSUER, issuer.example.com",
        "STEPTRAIL_ISSUER, 'https://a b'",
        "STEPTRAIL_SIGN_IN_ORIGIN, 'x; script-src *'",
        "STEPTRAIL_SIGN_IN_ORIGIN, file:///etc"
    })
    void constructor_withInvalidUrl_namesTheSetting(String setting, String value) {
        assertThatThrownBy(() -> handler(Map.of(setting, value)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(setting + ": must be a URL");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/app.js",
                "vendor/../app.js",
                "../StaticFiles.class",
                "..\\StaticFiles.class",
                "%2e%2e/StaticFiles.class",
                "app.js\u0000.css",
                "/etc/passwd",
                "index.html"
            })
    void unknownFile_is404_andNotCached(String name) {
        assertNotFound(file("bundle", name));
    }

    @Test
    void file_ofAnotherRelease_is404() {
        assertNotFound(file("0123456789abcdef0123", names().get(0)));
        assertNotFound(file("", names().get(0)));
        assertNotFound(file("bundle", "app-00000000.js"));
        assertNotFound(get(handler, FILE, null, ""));
    }

    private static void assertNotFound(APIGatewayV2HTTPResponse answer) {
        assertThat(answer.getStatusCode()).isEqualTo(404);
        assertThat(answer.getHeaders())
                .containsEntry("content-type", "application/problem+json")
                .containsEntry("cache-control", "no-store");
    }

    private static ApiHandler handler(Map<String, String> changed) {
        Map<String, String> settings = new HashMap<>(WITHOUT_A_DATABASE);
        settings.putAll(TestSettings.unreachable(changed));
        return new ApiHandler(settings);
    }

    private static APIGatewayV2HTTPResponse page(ApiHandler handler) {
        return get(handler, "GET /", null, "");
    }

    private APIGatewayV2HTTPResponse file(String hash, String name) {
        return get(handler, FILE, Map.of("hash", hash, "file", name), "");
    }

    private static APIGatewayV2HTTPResponse get(
            ApiHandler handler, String routeKey, Map<String, String> variables, String query) {
        return LambdaInvoker.invoke(
                handler,
                APIGatewayV2HTTPEvent.builder()
                        .withRouteKey(routeKey)
                        .withPathParameters(variables)
                        .withRawQueryString(query)
                        .withQueryStringParameters(query.isEmpty() ? null : Map.of("code", "1", "state", "<script>"))
                        .build(),
                new TestContext());
    }

    private static JsonNode config(APIGatewayV2HTTPResponse page) throws Exception {
        Matcher element = Pattern.compile("<script type=\"application/json\" id=\"config\">(.*?)</script>")
                .matcher(LambdaInvoker.text(page));
        assertThat(element.find()).isTrue();
        return new JsonMapper().readTree(element.group(1));
    }
}
