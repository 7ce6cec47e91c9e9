package dev.steptrail.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

/** Tests access to the admin routes, and the registration of agents. */
class AdminIT extends AdminApiTestBase {
    private static final String SENDER = "AROAEXAMPLE:ann@example.com";

    @ParameterizedTest
    @FieldSource("ROUTES")
    void adminRoute_calledByNonAdmin_is404(String route) {
        register("AIDAKEPT", "kept");
        Api user = new Api(HANDLER, Map.of("sub", "ann", "cognito:groups", "[steptrail-admins]"));
        Api.Answer nothing = user.get("GET /api/nothing", null);
        String body = "{\"owner\":\"ann\"}";

        assertThat(new Api(HANDLER, null).call(route, "AIDAKEPT", "", body).status())
                .isEqualTo(401);
        assertThat(user.call(route, "AIDAKEPT", "", body)).isEqualTo(nothing);
        assertThat(user.call(route, "7", "nonsense=1", "nonsense")).isEqualTo(nothing);
        assertThat(DATABASE.value("SELECT owner FROM agents WHERE sender_id = 'AIDAKEPT'"))
                .isEqualTo("kept");
    }

    @Test
    void agent_registeredChangedAndRemoved_isAudited() {
        String body = "{\"owner\":\"ann\",\"on_behalf_of\":[\"bob\",\"*\"]}";
        String ann = "{\"sender_id\":\"" + SENDER + "\"," + body.substring(1);

        assertThat(admin.call(REGISTER, SENDER, "", body).body()).isEqualTo(ann);
        assertThat(admin.get(AGENTS, null, "limit=1000").body()).contains(ann);
        assertThat(admin.call(REGISTER, SENDER, "", "{\"owner\":\"bob\"}").body())
                .isEqualTo("{\"sender_id\":\"" + SENDER + "\",\"owner\":\"bob\",\"on_behalf_of\":[]}");
        assertThat(admin.call(REMOVE, SENDER, "", null).status()).isEqualTo(204);
        Api.Answer again = admin.call(REMOVE, SENDER, "", null);

        assertThat(again.text("/type")).isEqualTo("urn:steptrail:problem:no-such-agent");
        assertThat(DATABASE.audited("register_agent"))
                .contains("root {\"owner\": \"ann\", \"sender_id\": \"" + SENDER
                        + "\", \"on_behalf_of\": [\"bob\", \"*\"]}");
        assertThat(DATABASE.audited("remove_agent")).containsOnlyOnce("root {\"sender_id\": \"" + SENDER + "\"}");
    }

    @Test
    void listOfAgents_withAnyIds_isPaged() {
        List<String> ids = List.of("pa|ge:1", "pa|ge:2", "pa|ge:" + "天".repeat(250));
        ids.forEach(id -> register(id, "pager"));

        List<List<String>> pages = admin.pages(AGENTS, null, "limit=1", "agents", "sender_id");

        assertThat(pages).allMatch(page -> page.size() == 1).doesNotHaveDuplicates();
        assertThat(pages.stream().flatMap(List::stream)).containsAll(ids);
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '`', textBlock = """
            ``                                        ; The request body must be a JSON object.
            []                                        ; The request body must be a JSON object.
            {"owner":"ann"                            ; The request body is not valid JSON or has a duplicate field.
            {"owner":"ann","owner":"bob"}             ; The request body is not valid JSON or has a duplicate field.
            {"owner":"ann"} x                         ; The request body is not valid JSON
            {"owner":"ann"} {}                        ; The request body must be a single JSON object
            {"owner":"ann","sender_id":"b"}           ; The request body has an unknown field "sender_id"; allowed: owner, on_behalf_of.
            {}                                        ; owner: must be 1 to 256 characters
            {"owner":7}                               ; owner: must be 1 to 256 characters
            {"owner":""}                              ; owner: must be 1 to 256 characters
            {"owner":"a\\u0000"}                      ; owner: must be 1 to 256 characters
            {"owner":"a\\ud83d"}                      ; owner: must be 1 to 256 characters
            {"owner":"ann","on_behalf_of":"*"}        ; on_behalf_of: must be an array
            {"owner":"ann","on_behalf_of":["a",[]]}   ; on_behalf_of: must be an array
            {"owner":"ann","on_behalf_of":[""]}       ; on_behalf_of: must be an array
            """)
    void invalidBody_is400NamingTheField(String body, String detail) {
        assertThat(admin.call(REGISTER, "AIDAWRONG", "", body).badRequest()).startsWith(detail);
    }

    @Test
    void tooLongBody_is400() {
        String long257 = "x".repeat(257);

        assertThat(admin.call(REGISTER, "AIDAWRONG", "", "{\"owner\":\"" + long257 + "\"}")
                        .badRequest())
                .startsWith("owner: must be");
        assertThat(admin.call(REGISTER, "AIDAWRONG", "", "{\"owner\":\"ann\"" + " ".repeat(70_000) + "}")
                        .badRequest())
                .isEqualTo("The request body must be at most 65536 bytes.");
        assertThat(admin.call(
                                REGISTER,
                                "AIDAWRONG",
                                "",
                                "{\"owner\":\"a\",\"on_behalf_of\":[" + "\"b\",".repeat(100) + "\"b\"]}")
                        .badRequest())
                .startsWith("on_behalf_of: must be an array of at most 100");
        for (String senderId : List.of(long257, "a\0")) {
            assertThat(admin.call(REGISTER, senderId, "", "{\"owner\":\"ann\"}").badRequest())
                    .startsWith("sender_id: must be");
        }
        assertThat(admin.call(REMOVE, "a\0", "", null).status()).isEqualTo(404);
        assertThat(DATABASE.column("SELECT 1 FROM agents WHERE sender_id = 'AIDAWRONG'"))
                .isEmpty();
    }

    @Test
    void maintenanceRuns_areListedNewestFirst_allOrOfOneJob() {
        DATABASE.execute("""
                INSERT INTO maintenance_runs (kind, started_at, ended_at, outcome, resume_at, counts)
                VALUES ('rollup',  '2026-03-01T10:00Z', '2026-03-01T10:01Z', 'done',        NULL,   '{"days": 2}'),
                       ('orphans', '2026-03-01T11:00Z', '2026-03-01T11:01Z', 'timed_out', 'a/b',  '{}'),
                       ('rollup',  '2026-03-01T12:00Z', NULL,                NULL,          NULL,   '{}')
                """);

        List<List<JsonNode>> pages = admin.pages(MAINTENANCE, null, "limit=2", "runs");
        JsonNode orphans = admin.get(MAINTENANCE, null, "kind=orphans").json();

        assertThat(pages).hasSize(2);
        assertThat(pages.get(0).get(0).get("outcome").isNull()).isTrue();
        assertThat(pages.get(0).get(1)).isEqualTo(orphans.get("runs").get(0));
        assertThat(orphans.get("runs").get(0).get("resume_at").asText()).isEqualTo("a/b");
        assertThat(pages.get(1).get(0).get("counts").toString()).isEqualTo("{\"days\":2}");
        assertThat(pages.get(1).get(0).get("ended_at").asText()).isEqualTo("2026-03-01T10:01:00Z");
    }
}
