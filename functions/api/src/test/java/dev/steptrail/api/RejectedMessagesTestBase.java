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

/** Base of tests with messages that ingest rejected, each test with its own sender, and with an admin. */
public abstract class RejectedMessagesTestBase extends AdminApiTestBase {
    public static final String SECRET = "swordfish-42";
    public static final String UNREGISTERED = "the sender is not registered; an admin must register it as an agent";

    private static final IngestHandler INGEST = new IngestHandler(DATABASE.settings(BUCKET.settings()));

    public final UUID task = UuidV7.at(TestRecords.START);
    public final String sender = "AROA" + task + ":laptop";

    public JsonNode show(String id) {
        return admin.get(SHOW, id).json();
    }

    /** Returns the ids of this test's rejected messages, newest first. */
    public List<String> rejectedIds() {
        return DATABASE.column("SELECT id FROM rejected_messages WHERE sender_id = '" + sender + "' ORDER BY id DESC");
    }

    public String onlyId() {
        assertThat(rejectedIds()).hasSize(1);
        return rejectedIds().get(0);
    }

    public static void ingest(String sender, StepRecord... records) {
        ingest(
                sender,
                MessageCodec.encode(
                        Arrays.stream(records).map(RecordCodec::encode).toList()));
    }

    public static void ingest(String sender, String json) {
        ingest(sender, new MessageBody(json, null));
    }

    public static void ingest(String sender, MessageBody body) {
        assertThat(INGEST.handleRequest(QueueEvents.event(sender, body), new TestContext())
                        .getBatchItemFailures())
                .isEmpty();
    }

    /** Returns a message with one record. */
    public static String json(StepRecord record) {
        return "{\"v\":1,\"records\":[" + new String(RecordCodec.encode(record), StandardCharsets.UTF_8) + "]}";
    }
}
