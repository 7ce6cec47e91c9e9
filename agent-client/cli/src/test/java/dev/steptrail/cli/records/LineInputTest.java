package dev.steptrail.cli.records;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class LineInputTest {
    private static LineInput input(String text) {
        return new LineInput(new ByteArrayInputStream(text.getBytes(UTF_8)), 100_000);
    }

    @Test
    void next_returnsEachLine_lastWithoutLineFeed() throws Exception {
        LineInput input = input("查\n\n" + "x".repeat(100_000) + "\nlast");

        assertThat(input.next()).isEqualTo("查");
        assertThat(input.next()).isEmpty();
        assertThat(input.next()).hasSize(100_000);
        assertThat(input.next()).isEqualTo("last");
        assertThat(input.next()).isNull();
        assertThat(input.next()).isNull();
    }

    @Test
    void overlongLine_isSkipped() throws Exception {
        LineInput input = input("x".repeat(300_000) + "\nnext\n" + "x".repeat(100_001));

        assertThatThrownBy(input::next)
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("the line has more than 100000 bytes");
        assertThat(input.next()).isEqualTo("next");
        assertThatThrownBy(input::next).isInstanceOf(InvalidInputException.class);
        assertThat(input.next()).isNull();
    }

    @Tag("slow")
    @Tag("nightly")
    @Test
    void lineOfMoreThanMaxIntBytes_isSkippedInBoundedMemory() throws Exception {
        InputStream endless = new InputStream() {
            private long left = Integer.MAX_VALUE + 100_000L;

            @Override
            public int read() {
                return left-- > 0 ? 'x' : -1;
            }

            @Override
            public int read(byte[] bytes, int offset, int length) {
                int read = (int) Math.min(left, length);
                left -= read;
                return read > 0 ? read : -1;
            }
        };
        LineInput input = new LineInput(endless, 1000);

        assertThatThrownBy(input::next).isInstanceOf(InvalidInputException.class);
        assertThat(input.next()).isNull();
    }
}
