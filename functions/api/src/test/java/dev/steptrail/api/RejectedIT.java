package dev.steptrail.api;

import static dev.steptrail.store.TestRecords.step;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.steptrail.stepformat.MessageBody;
import dev.steptrail.stepformat.StepRecord;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tests the admin routes of rejected messages. */
class RejectedIT extends RejectedMessagesTestBase {
    @Test
    void list_isFilteredPagedAndNewestFirst_withoutBodies() {
        ingest(sender, step(task, 1, SECRET));
        ingest(sender, step(task, 2, SECRET));
        register(sender, "owner-" + task);
        ingest(sender, json(step(task, 3, SECRET)).replace("\"step_number\":3", "\"step_number\":\"" + SECRET + "\""));
        List<String> ids = rejectedIds(); // newest first

        JsonNode first = list("limit=2&sender_id=" + sender);
        JsonNode second = list("limit=2&sender_id=" + sender + "&cursor="
                + first.get("next_cursor").asText());

        assertThat(ids(first)).isEqualTo(ids.subList(0, 2));
        assertThat(ids(second)).isEqualTo(ids.subList(2, 3));
        assertThat(second.get("next_cursor").isNull()).isTrue();
        assertThat(ids(list("owner=owner-" + task))).isEqualTo(ids.subList(0, 1));
        assertThat(first + " " + second).contains(UNREGISTERED).doesNotContain(SECRET);
        assertThat(second.get("rejected").get(0).fieldNames())
                .toIterable()
                .containsExactly("id", "rejected_at", "sender_id", "owner", "task_id", "step_number", "reason");
    }

    @Test
    void unregisteredSender_isListedUntilItIsRegistered() {
        String other = sender + "-2";
        ingest(sender, step(task, 1));
        ingest(sender, step(task, 2));
        ingest(other, step(task, 1));

        JsonNode listed = unregistered(sender);
        assertThat(listed.get("messages").asInt()).isEqualTo(2);
        assertThat(listed.get("last_rejected_at").asText())
                .isEqualTo(DATABASE.value(
                        "SELECT to_char(max(rejected_at) AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"
                                + " FROM rejected_messages WHERE sender_id = '" + sender + "'"));

        register(sender, "ann");
        assertThat(unregistered(sender)).isNull();
        assertThat(unregistered(other)).isNotNull();

        register(sender.substring(0, sender.indexOf(':')), "ann"); // for all sessions of the role
        assertThat(unregistered(other)).isNull();
    }

    private JsonNode unregistered(String senderId) {
        return admin.pages(UNREGISTERED_SENDERS, null, "limit=1", "unregistered_senders").stream()
                .flatMap(List::stream)
                .filter(listed -> listed.get("sender_id").asText().equals(senderId))
                .findFirst()
                .orElse(null);
    }

    @Test
    void body_inAnyEncoding_isReturnedAsText() {
        StepRecord large = step(task, 1, "天".repeat(10_000));
        ingest(sender, large);
        ingest(sender, new MessageBody("%%%", MessageBody.GZIP));
        ingest(sender, new MessageBody(quotes(600_000), null));
        List<String> ids = rejectedIds();

        JsonNode cut = show(ids.get(0));
        JsonNode garbage = show(ids.get(1));
        JsonNode gzip = show(ids.get(2));

        assertThat(gzip.get("body").asText()).isEqualTo(json(large));
        assertThat(gzip.get("body_encoding").isNull()).isTrue();
        assertThat(gzip.get("body_length").asInt()).isEqualTo(json(large).length());
        assertThat(garbage.get("body").asText()).isEqualTo("%%%");
        assertThat(garbage.get("body_encoding").asText()).isEqualTo("gzip");
        assertThat(cut.get("body").asText()).isEqualTo(quotes(512 * 1024));
        assertThat(cut.get("body_length").asInt()).isEqualTo(600_000);
    }

    @Test
    void discardedMessage_isDeleted_andAuditedWithoutItsBody() {
        register(sender, "ann");
        ingest(sender, step(task, 1, "first"));
        ingest(sender, step(task, 1, SECRET));
        String id = onlyId();

        assertThat(admin.call(DISCARD, id, "", null).status()).isEqualTo(204);
        assertThat(admin.call(DISCARD, id, "", null).status()).isEqualTo(404);

        assertThat(rejectedIds()).isEmpty();
        assertThat(DATABASE.audited("discard_rejected"))
                .first()
                .asString()
                .startsWith("root " + task + " ann {\"id\": " + id + ", \"reason\": \"conflict: ")
                .doesNotContain(SECRET);
    }

    @Test
    void readOfABody_isAuditedForTheOwner() {
        register(sender, "ann");
        ingest(sender, step(task, 1, "first"));
        ingest(sender, step(task, 1, SECRET));
        ingest(sender, new MessageBody("%%%", null));
        List<String> ids = rejectedIds();

        show(ids.get(1));
        show(ids.get(0));

        String detail = "ann {\"id\": %s, \"sender_id\": \"" + sender + "\"}";
        assertThat(DATABASE.audited("read_rejected"))
                .filteredOn(row -> row.contains(sender))
                .containsExactly(
                        "root " + detail.formatted(ids.get(0)), "root " + task + " " + detail.formatted(ids.get(1)));
    }

    @Test
    void invalidId_is404() {
        for (String id : List.of("0", "-1", "x", "99999999999999999999", "1;DROP", "\u001f", "")) {
            assertThat(admin.call(RETRY, id, "", null).status()).isEqualTo(404);
            assertThat(admin.get(SHOW, id).status()).isEqualTo(404);
            assertThat(admin.call(DISCARD, id, "", null).status()).isEqualTo(404);
        }
    }

    private JsonNode list(String query) {
        return admin.get(REJECTED, null, query).json();
    }

    private static List<String> ids(JsonNode page) {
        return page.get("rejected").findValuesAsText("id");
    }

    private static String quotes(int length) {
        return "\"".repeat(length);
    }
}
