package dev.steptrail.phone.adb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ShellOutputTest {
    @Property
    void accept_anySplit_returnsTheOutputs(
            @ForAll List<byte[]> texts,
            @ForAll @IntRange(max = 255) int exitCode,
            @ForAll @IntRange(min = 1, max = 40) int chunk)
            throws Exception {
        ByteArrayOutputStream stdout = new ByteArrayOutputStream();
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        for (byte[] text : texts) {
            stream.writeBytes(packet(1, text));
            stream.writeBytes(packet(2, text));
            stdout.writeBytes(text);
        }
        stream.writeBytes(packet(3, new byte[] {(byte) exitCode}));
        byte[] bytes = stream.toByteArray();

        ShellOutput output = new ShellOutput();
        boolean complete = false;
        for (int i = 0; i < bytes.length; i += chunk) {
            assertThat(complete).isFalse();
            complete = output.accept(ByteBuffer.wrap(bytes, i, Math.min(chunk, bytes.length - i)));
        }

        String text = stdout.toString(StandardCharsets.UTF_8);
        assertThat(complete).isTrue();
        assertThat(output.result()).isEqualTo(new ShellResult(exitCode, text, text));
    }

    @Test
    void result_noExitCode_isNull() throws Exception {
        ShellOutput output = new ShellOutput();

        assertThat(output.accept(ByteBuffer.wrap(packet(1, new byte[] {'x'})))).isFalse();

        assertThat(output.result()).isNull();
    }

    @Test
    void accept_hugeLength_isRejected() {
        ByteBuffer packet = ByteBuffer.allocate(5)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put((byte) 1)
                .putInt(-1)
                .flip();

        assertThatThrownBy(() -> new ShellOutput().accept(packet)).isInstanceOf(IOException.class);
    }

    static byte[] packet(int id, byte[] content) {
        return ByteBuffer.allocate(5 + content.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put((byte) id)
                .putInt(content.length)
                .put(content)
                .array();
    }
}
