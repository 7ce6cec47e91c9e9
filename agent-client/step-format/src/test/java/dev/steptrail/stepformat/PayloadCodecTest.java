package dev.steptrail.stepformat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PayloadCodecTest {
    private static final String HASH = "0123456789abcdef".repeat(4);
    private static final String PATH = "payloads/AIDA:a@b.c/0190163d-8694-739b-aea5-966c26f8ad91/" + HASH + ".json.gz";

    @Property(tries = 200)
    void decompress_storedRecord_isEqual(@ForAll("records") StepRecord record) throws Exception {
        byte[] object = PayloadCodec.encode(RecordCodec.encode(record));
        Payload payload = new Payload(PATH, PayloadCodec.hash(object), object.length);

        List<MessageRecord> claimed =
                MessageCodec.decode(MessageCodec.encode(List.of(PayloadCodec.encodeClaim(payload))));

        assertThat(claimed).containsExactly(new MessageRecord.Claim(payload));
        assertThat(RecordCodec.decode(PayloadCodec.decompress(payload, object))).isEqualTo(record);
    }

    @Test
    void encodeClaim_hasDocumentedForm() throws Exception {
        String claim =
                "{\"v\":1,\"payload\":{\"path\":\"" + PATH + "\",\"file_hash\":\"" + HASH + "\",\"file_size\":7}}";
        Payload payload = new Payload(PATH, HASH, 7);

        assertThat(new String(PayloadCodec.encodeClaim(payload), StandardCharsets.UTF_8))
                .isEqualTo(claim);
        assertThat(decode("{}," + claim + ",7"))
                .containsExactly(
                        new MessageRecord.Invalid("v: is missing", "{}"),
                        new MessageRecord.Claim(payload),
                        new MessageRecord.Invalid("the record must be a JSON object", "7"));
    }

    @Test
    void decode_recordWithUnknownFieldPayload_isRecord() throws Exception {
        String record = "{\"v\":1,\"record\":\"losses\",\"task_id\":\"0190163d-8694-739b-aea5-966c26f8ad91\","
                + "\"timestamp\":\"2025-12-14T21:41:58.018Z\",\"payload\":7}";

        assertThat(decode(record))
                .containsExactly(new MessageRecord.Valid(RecordCodec.decode(record.getBytes(StandardCharsets.UTF_8))));
    }

    @Test
    void decode_claimAsRecord_isRejected() {
        byte[] claim = PayloadCodec.encodeClaim(new Payload(PATH, HASH, 7));

        assertThatThrownBy(() -> RecordCodec.decode(claim)).hasMessage("record: is missing");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'v':2,'payload':{}}|v: must be 1, the only supported version",
                "{'payload':{}}|v: is missing",
                "{'v':1,'payload':7}|payload: must be an object",
                "{'v':1,'payload':{}}|payload.path: is missing",
                "{'v':1,'payload':{'path':7}}|payload.path: must be a string",
                "{'v':1,'payload':{'path':'payloads/a/b/c'}}|payload.file_hash: is missing",
                "{'v':1,'payload':{'path':'payloads/a/b/c','file_hash':'00'}}|payload.file_hash: must be a SHA-256 in lower-case"
                        + " hex",
            })
    void decode_invalidClaim_isInvalidElement(String json, String reason) throws Exception {
        String claim = json.replace('\'', '"');

        assertThat(decode(claim)).containsExactly(new MessageRecord.Invalid(reason, claim));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "payloads",
                "payloads/a/b",
                "payloads/a/b/",
                "payloads//b/c",
                "payloads/../b/c",
                "payloads/a/../c",
                "payloads/a/b/..",
                "payloads/./b/c",
                "payloads/a/b/c/d",
                "/payloads/a/b/c",
                "screenshots/a/b/c",
                "Payloads/a/b/c",
            })
    void path_outsidePayloads_isRejected(String path) throws Exception {
        assertThat(decode("{\"v\":1,\"payload\":{\"path\":\"" + path + "\"}}"))
                .singleElement()
                .extracting(element -> ((MessageRecord.Invalid) element).reason())
                .isEqualTo("payload.path: must be payloads/<sender>/<task_id>/<file>, at most 1024 bytes");
        assertThatIllegalArgumentException().isThrownBy(() -> new Payload(path, HASH, 1));
    }

    @Test
    void path_over1024Bytes_isRejected() {
        String folder = "payloads/a/b/";

        assertThat(Payload.isPath(Payload.FOLDER, folder + "x".repeat(1024 - folder.length())))
                .isTrue();
        assertThat(Payload.isPath(Payload.FOLDER, folder + "x".repeat(1025 - folder.length())))
                .isFalse();
        assertThat(Payload.isPath(Payload.FOLDER, folder + "相".repeat(400))).isFalse();
    }

    @Test
    void decode_over20Claims_rejectsOnlyTheAdditionalOnes() throws Exception {
        String claim = new String(PayloadCodec.encodeClaim(new Payload(PATH, HASH, 7)), StandardCharsets.UTF_8);

        List<MessageRecord> records = decode(String.join(",", Collections.nCopies(21, claim)) + ",7");

        assertThat(records.subList(0, 20)).allMatch(MessageRecord.Claim.class::isInstance);
        assertThat(records.subList(20, 22))
                .containsExactly(
                        new MessageRecord.Invalid("payload: must be at most 20 in a message", claim),
                        new MessageRecord.Invalid("the record must be a JSON object", "7"));
    }

    @Test
    void decompress_objectThatDoesNotMatch_isRejected() {
        byte[] object = PayloadCodec.encode("{}".getBytes(StandardCharsets.UTF_8));
        byte[] text = "not gzip".getBytes(StandardCharsets.UTF_8);

        assertThat(decodeError(new Payload(PATH, PayloadCodec.hash(object), object.length + 1), object))
                .isEqualTo("payload.file_size: does not match the size of the object");
        assertThat(decodeError(new Payload(PATH, HASH, object.length), object))
                .isEqualTo("payload.file_hash: does not match the hash of the object");
        assertThat(decodeError(new Payload(PATH, PayloadCodec.hash(text), text.length), text))
                .isEqualTo("payload: is not gzip or is truncated");
    }

    @Test
    void decompress_over8MiB_isRejected() throws Exception {
        byte[] max = PayloadCodec.encode(new byte[PayloadCodec.MAX_BYTES]);
        byte[] over = PayloadCodec.encode(new byte[PayloadCodec.MAX_BYTES + 1]);

        assertThat(PayloadCodec.decompress(new Payload(PATH, PayloadCodec.hash(max), max.length), max))
                .hasSize(PayloadCodec.MAX_BYTES);
        assertThat(decodeError(new Payload(PATH, PayloadCodec.hash(over), over.length), over))
                .isEqualTo("payload: inflates to more than 8388608 bytes");
    }

    private static List<MessageRecord> decode(String records) throws InvalidMessageException {
        return MessageCodec.decode(new MessageBody("{\"v\":1,\"records\":[" + records + "]}", null));
    }

    private static String decodeError(Payload payload, byte[] object) {
        try {
            PayloadCodec.decompress(payload, object);
        } catch (InvalidMessageException e) {
            return e.reason();
        }
        throw new AssertionError("was not rejected");
    }

    @Provide
    Arbitrary<StepRecord> records() {
        return RandomRecords.records();
    }
}
