package dev.steptrail.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.steptrail.ingest.IngestHandler;
import dev.steptrail.stepformat.MessageBody;
import dev.steptrail.stepformat.MessageCodec;
import dev.steptrail.stepformat.RecordCodec;
import dev.steptrail.stepformat.StepRecord;
import dev.steptrail.stepformat.UuidV7;
import dev.steptrail.store.TestContext;
import dev.steptrail.store.TestRecords;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;

/** Messages that ingest rejected, each test's by a sender of its own, and an admin who looks at them. */
abstract class RejectsMessages extends CallsAdminApi {
    static final String SECRET = "swordfish-42";
    static final String UNREGISTERED = "the sender: is not registered; register it as an agent";

    private static final IngestHandler INGEST = new IngestHandler(SETTINGS);

    final UUID task = UuidV7.at(TestRecords.START);
    final String sender = "AROA" + task + ":laptop";

    JsonNode show(String id) {
        return admin.get(SHOW, id, "").json();
    }

    /** Of this test's sender, newest first. */
    List<String> rejectedIds() {
        return DATABASE.column("SELECT id FROM rejected_messages WHERE sender_id = '" + sender + "' ORDER BY id DESC");
    }

    String onlyId() {
        assertThat(rejectedIds()).hasSize(1);
        return rejectedIds().get(0);
    }

    static void ingest(String sender, StepRecord... records) {
        ingest(
                sender,
                MessageCodec.encode(
                        Arrays.stream(records).map(RecordCodec::encode).toList()));
    }

    static void ingest(String sender, String json) {
        ingest(sender, new MessageBody(json, null));
    }

    static void ingest(String sender, MessageBody body) {
        assertThat(INGEST.handleRequest(Delivered.event(sender, body), new TestContext())
                        .getBatchItemFailures())
                .isEmpty();
    }

    /** A message of one record. */
    static String json(StepRecord record) {
        return "{\"v\":1,\"records\":[" + new String(RecordCodec.encode(record), StandardCharsets.UTF_8) + "]}";
    }
}
