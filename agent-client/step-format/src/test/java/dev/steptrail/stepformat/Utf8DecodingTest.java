package dev.steptrail.stepformat;

import static org.assertj.core.api.Assertions.assertThat;

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
import org.junit.jupiter.api.Test;

class Utf8DecodingTest {
    private static final List<Integer> EDGES = List.of(
            0, 0x61, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xED, 0xEF, 0xF0, 0xF4,
            0xF5, 0xFF);

    @Property
    void decodeUtf8_anyBytes_agreesWithJdk(@ForAll("almostText") byte[] bytes) {
        assertThat(text(bytes)).isEqualTo(decodeWithJdk(bytes));
    }

    @Test
    void decodeUtf8_anyByteSequence_agreesWithJdk() {
        for (int first = 0; first < 256; first++) {
            for (int second : EDGES) {
                for (int third : EDGES) {
                    byte[] bytes = {(byte) first, (byte) second, (byte) third, (byte) 0x80};
                    assertThat(text(bytes)).isEqualTo(decodeWithJdk(bytes));
                }
            }
        }
    }

    @Provide
    Arbitrary<byte[]> almostText() {
        Arbitrary<byte[]> pieces = Arbitraries.oneOf(
                Arbitraries.of(EDGES).map(edge -> new byte[] {edge.byteValue()}),
                Arbitraries.of("abcdefgh", "é", "快", "\uD83D\uDE00", "\uFFFD", "\uFFFF")
                        .map(text -> text.getBytes(StandardCharsets.UTF_8)));
        return pieces.list().ofMaxSize(12).map(Utf8DecodingTest::join);
    }

    private static byte[] join(List<byte[]> pieces) {
        ByteBuffer all = ByteBuffer.allocate(
                pieces.stream().mapToInt(piece -> piece.length).sum());
        pieces.forEach(all::put);
        return all.array();
    }

    private static Optional<String> text(byte[] bytes) {
        try {
            return Optional.of(RecordCodec.decodeUtf8(bytes));
        } catch (CharacterCodingException malformed) {
            return Optional.empty();
        }
    }

    private static Optional<String> decodeWithJdk(byte[] bytes) {
        try {
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString());
        } catch (CharacterCodingException malformed) {
            return Optional.empty();
        }
    }
}
