package dev.steptrail.ingest;

import static dev.steptrail.store.TestRecords.started;
import static dev.steptrail.store.TestRecords.step;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import dev.steptrail.stepformat.MessageCodec;
import dev.steptrail.stepformat.Payload;
import dev.steptrail.stepformat.PayloadCodec;
import dev.steptrail.stepformat.RecordCodec;
import dev.steptrail.stepformat.ReservedPorts;
import dev.steptrail.stepformat.StepRecord;
import dev.steptrail.stepformat.UuidV7;
import dev.steptrail.store.TestRecords;
import dev.steptrail.store.roles.FunctionLogin;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

/** Records that are stored in the bucket. */
class PayloadIT extends IngestTestBase {
    private static final int MIB = 1024 * 1024;

    @Test
    void recordsInTheBucket_areStoredWithOthers_andTruncatedRowsNameTheObject() {
        Payload thoughtful = stored(ALICE, step(task, 2, "think ".repeat(7 * MIB / 6)));
        Payload noisy = stored("AROAALICE:desktop", step(task, 3, noise(300 * 1024)));
        Payload small = stored(ALICE, step(task, 4, "short"));
        Payload beginning = stored(ALICE, started(task, null, "d".repeat(300 * 1024)));

        assertThat(ingest(
                        message(ALICE, json(step(task, 1)), claim(thoughtful), claim(noisy), claim(small)),
                        message(ALICE, claim(beginning), json(step(task, 5)))))
                .isEmpty();

        assertThat(steps("step_number")).containsExactly("1", "2", "3", "4", "5");
        assertThat(steps("length(thinking)").subList(1, 4)).containsExactly("262144", "262144", "5");
        assertThat(steps("concat_ws(' ', step_data->>'truncated_fields', step_data->>'payload_path')"))
                .containsExactly(
                        "",
                        "{\"thinking\":" + 7 * MIB / 6 * 6 + "} " + thoughtful.path(),
                        "{\"thinking\":307200} " + noisy.path(),
                        "",
                        "");
        assertThat(task("extra_start_fields->>'payload_path'")).isEqualTo(beginning.path());
        assertThat(rejections()).isEmpty();
    }

    @Test
    void sameRecordFromAnotherObject_isADuplicate() {
        StepRecord record = step(task, 1, "x".repeat(300 * 1024));
        Payload again = stored(ALICE, "again.gz", PayloadCodec.encode(RecordCodec.encode(record)));

        ingest(message(ALICE, claim(stored(ALICE, record))));
        ingest(message(ALICE, claim(again)));

        assertThat(context.logged()).contains("\"StepsWritten\":0,\"Duplicates\":1,\"Conflicts\":0,\"Rejected\":0");
    }

    @Test
    void differentRecordWithTheSameNumber_isAConflictThatNamesItsObject() {
        Payload other = stored(ALICE, step(task, 1, "y".repeat(300 * 1024)));

        ingest(message(ALICE, json(step(task, 1)), claim(other)));

        assertThat(rejections()).containsExactly("conflict: the task has a different step with this number");
        assertThat(rejectedBodies())
                .containsExactly(message(ALICE, claim(other)).getBody());
    }

    @Test
    void badPayloads_areRejectedWithTheirReasons_andOthersAreStored() throws IOException {
        byte[] good = PayloadCodec.encode(RecordCodec.encode(step(task, 2, "secret")));
        Payload whole = stored(ALICE, "whole", good);
        String reason = "payload.path: must be payloads/<sender>/<task_id>/<file>, at most 1024 bytes";

        assertRejected(
                claim(new Payload(key(ALICE, "gone"), hash(good), 100)), "payload.path: the object does not exist");
        assertRejected(
                claim(stored(BOB, step(task, 2, "secret"))),
                "payload.path: must be payloads/<sender>/<task_id>/<file>, at most 1024 bytes, without control"
                        + " characters; <sender> must be registered for the task's owner or for the owner of this"
                        + " message's sender");
        assertRejected(
                claim(new Payload(whole.path(), hash(new byte[0]), good.length)),
                "payload.file_hash: does not match the hash of the object");
        for (int size : List.of(good.length - 1, good.length + 1)) {
            assertRejected(
                    claim(new Payload(whole.path(), whole.fileHash(), size)),
                    "payload.file_size: does not match the size of the object");
        }
        assertRejected(claim(stored(ALICE, "bomb", gzipOfZeros(50))), "payload: inflates to more than 8388608 bytes");
        assertRejected(
                claim(stored(ALICE, "text", "secret".getBytes(StandardCharsets.UTF_8))),
                "payload: is not gzip or is truncated");
        assertRejected(
                claim(stored(ALICE, "half", Arrays.copyOf(good, good.length / 2))),
                "payload: is not gzip or is truncated");
        assertRejected(
                claim(stored(ALICE, "yaml", PayloadCodec.encode("secret: yes".getBytes(StandardCharsets.UTF_8)))),
                "the record is not JSON (line 1, column 1)");
        assertRejected(
                claim(stored(ALICE, "claim", PayloadCodec.encode(PayloadCodec.encodeClaim(whole)))),
                "record: is missing");
        String above = key(ALICE, "..");
        assertRejected(
                new String(claim(whole), StandardCharsets.UTF_8)
                        .replace(whole.path(), above)
                        .getBytes(StandardCharsets.UTF_8),
                reason);
        assertThat(context.logged()).doesNotContain("secret");
    }

    @Test
    void recordWhoseKeyNamesAnotherTask_isRejected() {
        UUID other = UuidV7.at(TestRecords.START);
        byte[] object = PayloadCodec.encode(RecordCodec.encode(step(other, 1)));

        ingest(message(ALICE, claim(stored(ALICE, "other", object))));

        assertThat(DATABASE.column("SELECT reason FROM rejected_messages WHERE task_id = '" + other + "'"))
                .singleElement()
                .asString()
                .startsWith("payload.path: must be");
    }

    @Test
    void whileTheBucketIsDown_theMessageIsNotAcknowledged_andAfterwardsAllIsStored() {
        String away = "http://127.0.0.1:" + ReservedPorts.reserve();
        SQSMessage claiming = message(ALICE, claim(stored(ALICE, step(task, 1))), json(step(task, 2)));
        SQSMessage also = message(ALICE, claim(stored(ALICE, step(task, 3))));
        SQSMessage plain = message(ALICE, json(step(task, 4)));

        List<String> unwritten = ingest(
                new IngestHandler(
                        DATABASE.settings(FunctionLogin.INGEST, BUCKET.settings("AWS_ENDPOINT_URL_S3", away))),
                claiming,
                also,
                plain);

        assertThat(unwritten).containsExactly(claiming.getMessageId(), also.getMessageId());
        assertThat(steps("step_number")).containsExactly("2", "4");
        assertThat(context.logged().split("bucket_unavailable", -1)).hasSize(2); // requested once
        assertThat(ingest(claiming, also)).isEmpty();
        assertThat(steps("step_number")).containsExactly("1", "2", "3", "4");
        assertThat(rejections()).isEmpty();
    }

    @Test
    void accessDeniedByTheBucket_rejectsNothing() {
        SQSMessage claiming = message(ALICE, claim(stored(ALICE, step(task, 1))));

        for (Map<String, String> wrong : List.of(
                BUCKET.settings("AWS_SECRET_ACCESS_KEY", "wrong"), BUCKET.settings("STEPTRAIL_BUCKET", "nobodys"))) {
            assertThat(ingest(new IngestHandler(DATABASE.settings(FunctionLogin.INGEST, wrong)), claiming))
                    .containsExactly(claiming.getMessageId());
        }
        assertThat(rejections()).isEmpty();
        assertThat(context.logged()).contains("403 SignatureDoesNotMatch", "404 NoSuchBucket");
    }

    @Test
    void messageOfManyLargeRecords_isFetchedAndWrittenInParts() {
        List<byte[]> claims = new ArrayList<>();
        for (int number = 1; number <= 20; number++) {
            claims.add(claim(stored(ALICE, step(task, number, "x".repeat(MIB)))));
        }

        assertThat(ingest(message(ALICE, claims.toArray(new byte[0][])))).isEmpty();

        assertThat(steps("step_number")).hasSize(20);
    }

    @Test
    void constructor_withoutBucket_namesTheSetting() {
        assertThatThrownBy(() -> new IngestHandler(DATABASE.settings(FunctionLogin.INGEST)))
                .hasMessage("STEPTRAIL_BUCKET: is not set; set it in the function's environment");
    }

    /** Sends the element between two good ones. */
    private void assertRejected(byte[] element, String reason) {
        DATABASE.execute("DELETE FROM task_steps WHERE task_id = '" + task + "'");
        DATABASE.execute("DELETE FROM rejected_messages");

        assertThat(ingest(message(ALICE, json(step(task, 1)), element), message(ALICE, json(step(task, 3)))))
                .isEmpty();

        assertThat(steps("step_number")).containsExactly("1", "3");
        assertThat(rejections()).containsExactly(reason);
        assertThat(rejectedBodies()).containsExactly(message(ALICE, element).getBody());
    }

    private Payload stored(String sender, StepRecord record) {
        byte[] object = PayloadCodec.encode(RecordCodec.encode(record));
        return stored(sender, hash(object) + ".json.gz", object);
    }

    private Payload stored(String sender, String file, byte[] object) {
        BUCKET.put(key(sender, file), object);
        return new Payload(key(sender, file), hash(object), object.length);
    }

    private String key(String sender, String file) {
        return "payloads/" + sender + "/" + task + "/" + file;
    }

    private static String hash(byte[] object) {
        return PayloadCodec.hash(object);
    }

    private static byte[] claim(Payload payload) {
        return PayloadCodec.encodeClaim(payload);
    }

    private static byte[] json(StepRecord record) {
        return RecordCodec.encode(record);
    }

    private static SQSMessage message(String sender, byte[]... elements) {
        return Messages.message(sender, MessageCodec.encode(List.of(elements)));
    }

    private static String noise(int length) {
        StringBuilder noise = new StringBuilder(length);
        new Random(7).ints(length, 'A', 'Z').forEach(c -> noise.append((char) c));
        return noise.toString();
    }

    private static byte[] gzipOfZeros(int mebibytes) throws IOException {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(compressed)) {
            for (int i = 0; i < mebibytes; i++) {
                gzip.write(new byte[MIB]);
            }
        }
        return compressed.toByteArray();
    }

    /** Returns the rejections of this task, with decodable records or without. */
    private List<String> rejections() {
        return DATABASE.column(columnOfTask("reason"));
    }

    private List<String> rejectedBodies() {
        return DATABASE.column(columnOfTask("body"));
    }

    private String columnOfTask(String column) {
        return "SELECT " + column + " FROM rejected_messages WHERE task_id = '" + task + "' OR position('" + task
                + "' IN body) > 0";
    }
}
