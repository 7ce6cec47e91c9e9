package dev.steptrail.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.jose.jwk.RSAKey;
import dev.steptrail.localcloud.identity.Issuer;
import dev.steptrail.localcloud.template.DeploymentContext;
import dev.steptrail.localcloud.template.Template.Route;
import dev.steptrail.localcloud.template.TemplateReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Requests every route as every kind of caller. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CallersIT {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final String MISSING_TASK = UUID.randomUUID().toString();
    private static final String EXPERIMENT = "nightly/1";

    /** An attachment whose object is the screenshot of the step. */
    private static final String ATTACHMENTS = "jsonb_build_array(jsonb_build_object('field', 'model_input', 'path',"
            + " screenshot_path, 'file_hash', repeat('0', 64), 'file_size', 1000))";

    @TempDir
    private static Path folder;

    private final CloudProcess cloud = CloudProcess.shared();
    private String task;
    private String shareId;
    private final Map<Kind, Caller> callers = new EnumMap<>(Kind.class);

    private enum Kind {
        ANONYMOUS,
        MALFORMED,
        EXPIRED,
        WRONG_ISSUER,
        WRONG_AUDIENCE,
        OTHER_OWNER,
        NOT_ADMIN,
        SHARE,
        SHARE_OF_ANOTHER_TASK,
        REVOKED_SHARE,
        EXPIRED_SHARE,
        OWNER,
        LOGIN,
        ADMIN,
        ADMIN_LOGIN
    }

    /** @param share the token of a share link; null for none */
    private record Caller(Api api, String share) {}

    @BeforeAll
    void createCallers() throws Exception {
        task = Imports.into(cloud, Imports.changedSample(folder.resolve("sample"), "For each caller: "))
                .taskOf("weather-finished.json");
        String address = cloud.api().address();
        String other = Imports.samples().taskOf("flower-photo-loop.json");
        shareId = share(task).get("share_id").asText();
        execute("UPDATE tasks SET experiment = '" + EXPERIMENT + "' WHERE task_id = '" + task + "'");
        execute("UPDATE task_steps SET step_data = (step_data::jsonb || jsonb_build_object('attachments', "
                + ATTACHMENTS + "))::json WHERE task_id = '" + task + "' AND step_number = 1");
        execute("UPDATE tasks SET extra_start_fields = (SELECT json_build_object('attachments',"
                + " jsonb_set(step_data::jsonb -> 'attachments', '{0,field}', '\"description\"')) FROM task_steps"
                + " WHERE task_id = '" + task + "' AND step_number = 1) WHERE task_id = '" + task + "'");
        Issuer issuer = new Issuer(
                address, "steptrail", RSAKey.parse(Files.readString(cloud.data().resolve("signing-key.json"))));
        for (Kind kind : Kind.values()) {
            callers.put(
                    kind,
                    switch (kind) {
                        case ANONYMOUS -> new Caller(new Api(address, null), null);
                        case MALFORMED -> new Caller(new Api(address, "nonsense"), null);
                        case EXPIRED -> by(issuer.token("demo", Map.of(), Duration.ofSeconds(-1)));
                        case WRONG_ISSUER ->
                            by(new Issuer("http://elsewhere", "steptrail", issuer.key()).token("demo", Map.of(), HOUR));
                        case WRONG_AUDIENCE ->
                            by(new Issuer(address, "another", issuer.key()).token("demo", Map.of(), HOUR));
                        case OTHER_OWNER -> by(issuer.token("other", Map.of(), HOUR));
                        case NOT_ADMIN ->
                            by(issuer.token("other", Map.of("cognito:groups", List.of("steptrail-admins")), HOUR));
                        case SHARE -> with(share(task).get("token").asText());
                        case SHARE_OF_ANOTHER_TASK ->
                            with(share(other).get("token").asText());
                        case REVOKED_SHARE -> with(revoked());
                        case EXPIRED_SHARE -> with(expired());
                        case OWNER -> new Caller(cloud.api(), null);
                        case LOGIN -> by(loginToken("demo", false));
                        case ADMIN_LOGIN -> by(loginToken("root", true));
                        case ADMIN ->
                            by(issuer.token("root", Map.of("cognito:groups", List.of("steptrail-admin")), HOUR));
                    });
        }
    }

    @ParameterizedTest
    @MethodSource("routes")
    void eachCaller_getsOnlyWhatItMayAccess(Route route) throws Exception {
        for (Kind kind : Kind.values()) {
            Api.Answer answer = ask(kind, route, task);

            int status = statusFor(kind, route);
            boolean mayBeInProgress = status == 200 && route.path().endsWith("/export");
            assertThat(answer.status())
                    .as(kind + " " + route.key())
                    .isIn(mayBeInProgress ? List.of(202, 302) : List.of(status));
            if (kind == Kind.OWNER && answer.status() >= 400) {
                assertThat(answer.text()).as(route.key()).contains("urn:steptrail:problem:"); // not by the gateway
            }
            if (kind == Kind.SHARE && answer.status() == 200 && route.path().startsWith("/api/shared/")) {
                assertThat(answer.text())
                        .as(route.key())
                        .doesNotContain(
                                "\"owner\"",
                                "\"screenshot_path\":\"",
                                "\"thumbnail_path\":\"",
                                "emulator-5554",
                                "X-Amz-",
                                cloud.environment().get("STEPTRAIL_SENDER"));
            }
            if (kind == Kind.SHARE && route.path().equals("/api/shared/tasks/{task_id}/attachment")) {
                assertThat(answer.text()).contains("urn:steptrail:problem:no-attachment");
            } else if (answer.status() == 404) {
                Api.Answer missing = ask(kind, route, MISSING_TASK);
                assertThat(withoutTraceId(answer))
                        .isEqualTo(withoutTraceId(missing))
                        .doesNotContain(task);
                assertThat(comparableHeaders(answer)).isEqualTo(comparableHeaders(missing));
            } else if (kind == Kind.ADMIN && route.path().matches("/api/tasks/\\{task_id}(/steps|/report)?")) {
                assertThat(answer.json()).isEqualTo(ask(Kind.OWNER, route, task).json());
            }
        }
    }

    @Test
    void tasksOfAnotherOwner_areNotListed_exceptForAdmins() throws Exception {
        assertThat(callers.get(Kind.OTHER_OWNER).api().get("/api/tasks").text())
                .isEqualTo("{\"tasks\":[],\"next_cursor\":null}");
        assertThat(callers.get(Kind.ADMIN).api().get("/api/tasks?limit=1000").text())
                .contains(task);
    }

    /** A path that cannot exist reaches the function: it is not rejected by the HTTP server before. */
    @ParameterizedTest
    @MethodSource("routes")
    void controlCharacterInThePath_getsADocumentedResponse(Route route) throws Exception {
        assumeTrue(route.path().startsWith("/api/") && route.path().contains("{"), "has no path parameter");

        Api.Answer answer =
                callers.get(Kind.ADMIN).api().call(route.method(), route.path().replaceAll("\\{[^}]+}", "%1F"));

        assertThat(answer.header("content-type")).as(answer.text()).isEqualTo("application/problem+json");
        assertThat(answer.status()).as(answer.text()).isIn(400, 401, 404);
        if (route.path().startsWith("/api/admin/rejected/")) {
            assertThat(answer.json().get("type").asText()).isEqualTo("urn:steptrail:problem:no-such-rejected");
        }
    }

    private void execute(String sql) throws IOException, SQLException {
        try (Connection connection = cloud.database();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @AfterAll
    void forbiddenDeletes_haveNoEffect() throws Exception {
        assertThat(cloud.api().call("GET", "/api/tasks/" + task).status()).isEqualTo(200);
        assertThat(cloud.api()
                        .call("GET", "/api/tasks/" + task + "/shares")
                        .json()
                        .get("shares"))
                .filteredOn(share -> share.get("share_id").asText().equals(shareId))
                .allSatisfy(
                        share -> assertThat(share.get("revoked_at").isNull()).isTrue())
                .hasSize(1);
    }

    private static List<Route> routes() throws IOException {
        Map<String, String> parameters = Map.of(
                "DatabaseUrl", "jdbc:postgresql://db.example.com/steptrail",
                "DatabaseUser", "steptrail",
                "DatabasePasswordParameter", "/steptrail/app/database-password",
                "JwtIssuer", "https://issuer.example.com",
                "JwtAudience", "readers");
        DeploymentContext context = new DeploymentContext(
                "app", "eu-west-1", "123", "https://sqs.example.com/123", "https://api", parameters);
        return TemplateReader.read(Program.ROOT.resolve("sam-template.yaml"), context)
                .routes();
    }

    /** Returns the status that the gateway's authorizer, the owner check or the share-link check requires. */
    private static int statusFor(Kind kind, Route route) {
        String path = route.path();
        if (path.startsWith("/static/") || path.equals("$default")) {
            return 404; // this test requests files that do not exist; ViewerPagesTest requests existing ones
        }
        if (!path.startsWith("/api/") || path.equals("/api/sign-in")) {
            return 200;
        }
        if (path.startsWith("/api/shared/")) {
            return switch (kind) {
                case SHARE -> found(route);
                case SHARE_OF_ANOTHER_TASK, REVOKED_SHARE, EXPIRED_SHARE -> 404;
                default -> 401;
            };
        }
        return switch (kind) {
            case OWNER, LOGIN -> path.startsWith("/api/admin/") ? 404 : found(route);
            // By default, an experiment is one of the caller.
            case ADMIN, ADMIN_LOGIN ->
                path.startsWith("/api/admin/") || path.startsWith("/api/experiments/") ? ofAdmin(route) : found(route);
            case OTHER_OWNER, NOT_ADMIN -> path.contains("{") || path.startsWith("/api/admin/") ? 404 : found(route);
            default -> 401;
        };
    }

    /**
     * Returns the status of an authorized request without a body. Authorized DELETE requests, and PUT requests that
     * need no body, use a missing id.
     */
    private static int found(Route route) {
        return switch (route.method()) {
            case "DELETE" -> 404;
            case "PUT" -> isPutWithoutBody(route) ? 404 : 400;
            case "POST" -> route.path().endsWith("/notes") || route.path().startsWith("/api/bulk/") ? 400 : 201;
            default -> {
                if (route.path().equals("/api/shared/tasks/{task_id}/attachment")) {
                    yield 404; // needs a link that includes details
                }
                if (route.path().startsWith("/api/steps/") || route.path().equals("/api/tasks/{task_id}/attachment")) {
                    yield 302; // a share link gets the image or attachment
                }
                yield route.path().equals("/api/jobs/{job_id}") ? 404 : 200; // the job does not exist
            }
        };
    }

    private static boolean isPutWithoutBody(Route route) {
        return route.method().equals("PUT")
                && (route.path().endsWith("/{tag}") || route.path().endsWith("/{label}"));
    }

    private static int ofAdmin(Route route) {
        return switch (route.method()) {
            case "GET" -> route.path().endsWith("}") ? 404 : 200; // no such rejected message
            case "DELETE" -> 404;
            default -> route.path().endsWith("/retry") ? 404 : 400;
        };
    }

    private Api.Answer ask(Kind kind, Route route, String taskId) throws Exception {
        boolean wouldChange = (route.method().equals("DELETE") || isPutWithoutBody(route))
                && Set.of(Kind.OWNER, Kind.LOGIN, Kind.ADMIN, Kind.ADMIN_LOGIN).contains(kind);
        Caller caller = callers.get(kind);
        String changed = wouldChange ? MISSING_TASK : taskId;
        String path = route.path()
                        .replace("{task_id}", changed)
                        .replace("{step_id}", changed + ".1")
                        .replace("{hash}/{file+}", "none/app.js")
                        .replace("{sender_id}", "AROAUNKNOWN")
                        .replace("{share_id}", shareId)
                        .replace("{verdict_id}", "999999")
                        .replace("{note_id}", "999999")
                        .replace("{tag}", "nightly")
                        .replace("{label}", "bad")
                        .replace("{id}", "999999")
                        .replace("{job_id}", MISSING_TASK)
                        .replace("{name+}", EXPERIMENT)
                        .replace("$default", "/no-such-path")
                + (route.key().equals("DELETE /api/admin/prices") ? "?model=none&valid_from=2026-03-01" : "");
        return caller.api().call(route.method().replace("ANY", "GET"), path, caller.share());
    }

    private Caller by(String token) {
        return new Caller(new Api(cloud.api().address(), token), null);
    }

    /** Returns the access token that {@code steptrail login} stores. */
    private String loginToken(String user, boolean admin) throws Exception {
        Path config = Files.createDirectory(folder.resolve(user));
        LoggedInUser.of(cloud, config, user, admin);
        return ExactJson.read(Files.readAllBytes(LoggedInUser.file(config)))
                .get("access_token")
                .asText();
    }

    private Caller with(String share) {
        return new Caller(new Api(cloud.api().address(), null), share);
    }

    private JsonNode share(String of) throws Exception {
        JsonNode share =
                cloud.api().call("POST", "/api/tasks/" + of + "/shares").json();
        execute("UPDATE share_links SET include_model_calls = true WHERE id = " + share.get("share_id"));
        return share;
    }

    private String revoked() throws Exception {
        JsonNode share = share(task);
        String path = "/api/tasks/" + task + "/shares/" + share.get("share_id").asText();
        assertThat(cloud.api().call("DELETE", path).status()).isEqualTo(204);
        return share.get("token").asText();
    }

    private String expired() throws Exception {
        JsonNode share = share(task);
        execute("UPDATE share_links SET expires_at = now() WHERE id = " + share.get("share_id"));
        return share.get("token").asText();
    }

    private static String withoutTraceId(Api.Answer answer) {
        return answer.text().replaceFirst("\"trace_id\":\"[^\"]+\"", "\"trace_id\":\"\"");
    }

    private static Map<String, List<String>> comparableHeaders(Api.Answer answer) {
        Map<String, List<String>> headers = new TreeMap<>(answer.headers().map());
        headers.keySet().removeAll(List.of("date", "apigw-requestid"));
        return headers;
    }
}
