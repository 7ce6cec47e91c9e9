package dev.steptrail.api;

import static dev.steptrail.store.TestRecords.step;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.steptrail.stepformat.UuidV7;
import dev.steptrail.store.TestRecords;
import dev.steptrail.store.admin.ShareRepository;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests which requests a share link allows, and how links are created, listed and revoked. */
class SharesIT extends SharesTestBase {
    private static final String SHARES = "GET /api/tasks/{task_id}/shares";
    private static final String REVOKE = "DELETE /api/tasks/{task_id}/shares/{share_id}";

    @Test
    void token_grantsAccessToItsTaskOnly() {
        writeScreenshots();
        UUID other = UuidV7.at(TestRecords.START);
        write(step(other, 1));
        String token = share("{}").get("token").asText();

        for (String route : SHARED) {
            assertThat(shared(route, task, token).status()).as(route).isEqualTo(200);
            Api.Answer unknown = shared(route, UUID.randomUUID(), token);
            assertThat(unknown.status()).isEqualTo(404);
            assertThat(shared(route, other, token)).isEqualTo(unknown);
            assertThat(shared(route, task, "no-such-token")).isEqualTo(unknown);
            assertThat(shared(route, task, "x".repeat(10_240))).isEqualTo(unknown);
            assertThat(anonymous
                            .call(route, path(route, task), "", null, Map.of())
                            .status())
                    .isEqualTo(401);
        }
        assertThat(anonymous.get(TASK, task).status()).isEqualTo(401);
    }

    @Test
    void linkThatIsRevokedOrExpired_orOfADeletedTask_is404() {
        writeScreenshots();
        JsonNode revoked = share("{}");
        JsonNode expired = share("{\"expires_in\":\"PT1M\"}");
        JsonNode last = share("{\"expires_in\":\"P366D\"}");
        String steps = SHARED.get(1);

        assertThat(revoke(alice, revoked.get("share_id").asText()).status()).isEqualTo(204);
        assertThat(revoke(alice, revoked.get("share_id").asText()).status()).isEqualTo(404);
        DATABASE.execute("UPDATE share_links SET expires_at = now() WHERE id = " + expired.get("share_id"));

        assertThat(shared(steps, task, revoked.get("token").asText()).status()).isEqualTo(404);
        assertThat(shared(steps, task, expired.get("token").asText()).status()).isEqualTo(404);
        assertThat(shared(steps, task, last.get("token").asText()).status()).isEqualTo(200);
        alice.delete(task);
        assertThat(shared(steps, task, last.get("token").asText()).status()).isEqualTo(404);
    }

    @Test
    void list_containsLinksWithoutTokens() {
        write(step(task, 1));
        JsonNode first = share("{}");
        JsonNode second = share("{\"include_sensitive\":true}");

        List<List<JsonNode>> pages = alice.pages(SHARES, task, "limit=1", "shares");

        assertThat(pages.get(0).get(0).get("share_id")).isEqualTo(second.get("share_id"));
        assertThat(pages.get(1).get(0).get("expires_at")).isEqualTo(first.get("expires_at"));
        assertThat(pages.get(1).get(0).get("created_by").asText()).isEqualTo("alice");
        assertThat(pages)
                .hasSize(2)
                .asString()
                .doesNotContain("token", first.get("token").asText());
        assertThat(DATABASE.value("SELECT count(*) FROM share_links AS s WHERE s::text LIKE '%"
                        + first.get("token").asText() + "%'"))
                .isEqualTo("0");
    }

    @Test
    void readByALink_isAuditedWithItsId() {
        writeScreenshots();
        JsonNode created = share("{}");

        SHARED.forEach(route -> shared(route, task, created.get("token").asText()));

        assertThat(DATABASE.column("SELECT action FROM audit_log WHERE task_id = '" + task + "' AND caller = 'share:"
                        + created.get("share_id").asText() + "' ORDER BY action"))
                .containsExactly("read_report", "read_screenshot", "read_screenshots", "read_steps");
    }

    @Test
    void tooManyLinks_are409() {
        write(step(task, 1));
        JsonNode first = share("{}");
        for (int i = 1; i < ShareRepository.MAX_LINKS; i++) {
            share("{}");
        }

        assertThat(alice.call(SHARE, task, "", "{}").problem()).isEqualTo("409 too-many-shares");
        revoke(alice, first.get("share_id").asText());
        share("{}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"expires_in\":\"PT59S\"}",
                "{\"expires_in\":\"P367D\"}",
                "{\"expires_in\":\"P9999W\"}",
                "{\"expires_in\":\"7 days\"}",
                "{\"expires_in\":\"-P1D\"}",
                "{\"expires_in\":\"-P-7D\"}",
                "{\"expires_in\":\"+P7D\"}",
                "{\"expires_in\":\"P+7D\"}",
                "{\"expires_in\":\"p7d\"}",
                "{\"expires_in\":\"PT60.5S\"}",
            })
    void invalidLifetime_isRejected(String body) {
        write(step(task, 1));

        assertThat(alice.call(SHARE, task, "", body).status()).isEqualTo(400);
    }

    private Api.Answer revoke(Api caller, String id) {
        return caller.call(REVOKE, Map.of("task_id", task.toString(), "share_id", id), "", null, null);
    }
}
