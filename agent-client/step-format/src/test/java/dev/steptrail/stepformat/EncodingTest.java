package dev.steptrail.stepformat;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Records in bytes that may not be UTF-8. */
class EncodingTest {
    private static final List<Integer> EDGES = List.of(
            0x61, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xED, 0xEF, 0xF0, 0xF4, 0xF5,
            0xFF);

    @Property
    void decode_ofAnyText_returnsIt(@ForAll("almostText") byte[] bytes) {
        textByTheJdk(bytes).ifPresent(text -> assertThat(decodedName(bytes)).contains(text));
    }

    /** Bytes that are not UTF-8 are refused, or become text that can be encoded and stored. */
    @Property(tries = 5000)
    void decode_ofAnyBytes_isRefusedOrReturnsTextThatCanBeStored(@ForAll("almostText") byte[] bytes) throws Exception {
        Optional<String> name = decodedName(bytes);

        if (name.isPresent()) {
            byte[] utf8 = name.get().getBytes(StandardCharsets.UTF_8);
            assertThat(textByTheJdk(utf8)).isEqualTo(name);
            assertThat(name.get()).doesNotContain("\0");
        }
    }

    @Provide
    Arbitrary<byte[]> almostText() {
        Arbitrary<byte[]> pieces = Arbitraries.oneOf(
                Arbitraries.of(EDGES).map(edge -> new byte[] {edge.byteValue()}),
                Arbitraries.of("abcdefgh", "é", "快", "\uD83D\uDE00", "\uFFFD", "\uFFFF")
                        .map(text -> text.getBytes(StandardCharsets.UTF_8)));
        return pieces.list().ofMaxSize(12).map(EncodingTest::joined);
    }

    private static byte[] joined(List<byte[]> pieces) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        pieces.forEach(all::writeBytes);
        return all.toByteArray();
    }

    /** Decodes a record with these bytes as its name, which are neither quotes nor controls. */
    private static Optional<String> decodedName(byte[] bytes) {
        byte[] start =
                "{\"v\":1,\"record\":\"task_started\",\"task_id\":\"0190163d-8694-739b-aea5-966c26f8ad91\",\"timestamp\":\"2026-01-01T00:00:00Z\",\"name\":\""
                        .getBytes(StandardCharsets.UTF_8);
        try {
            StepRecord record =
                    RecordCodec.decode(joined(List.of(start, bytes, "\"}".getBytes(StandardCharsets.UTF_8))));
            return Optional.of(String.valueOf(((TaskStarted) record).name()));
        } catch (InvalidRecordException refused) {
            return Optional.empty();
        }
    }

    private static Optional<String> textByTheJdk(byte[] bytes) {
        try {
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString());
        } catch (CharacterCodingException notUtf8) {
            return Optional.empty();
        }
    }
}
