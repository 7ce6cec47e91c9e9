package dev.steptrail.phone.adb;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Reads the packets of adb's {@code shell,v2} service. The packet with the exit code is the phone's acknowledgement
 * that the command has ended.
 *
 * <p>Source: AOSP, {@code packages/modules/adb/shell_protocol.h}. A packet is one byte with its id, its length as a
 * little-endian 32-bit number, and its content.
 */
final class ShellOutput implements AdbOutput {
    /** More than {@code dumpsys} writes. */
    private static final int MAX_BYTES = 64 << 20;

    private static final int STDOUT = 1;
    private static final int STDERR = 2;
    private static final int EXIT = 3;

    private final ByteBuffer header = ByteBuffer.allocate(5).order(ByteOrder.LITTLE_ENDIAN);
    private final ByteArrayOutputStream stdout = new ByteArrayOutputStream();
    private final ByteArrayOutputStream stderr = new ByteArrayOutputStream();
    private long unread;
    private int exitCode = -1;

    @Override
    public boolean accept(ByteBuffer data) throws IOException {
        while (data.hasRemaining() && exitCode < 0) {
            if (header.hasRemaining()) {
                header.put(data.get());
                unread = header.hasRemaining() ? 0 : checkLength();
            } else {
                readContent(data);
            }
            if (!header.hasRemaining() && unread == 0) {
                header.clear();
            }
        }
        data.position(data.limit());
        return exitCode >= 0;
    }

    private long checkLength() throws IOException {
        long length = Integer.toUnsignedLong(header.getInt(1));
        if (length > MAX_BYTES - stdout.size() - stderr.size()) {
            throw new IOException("the phone wrote more than " + MAX_BYTES + " bytes");
        }
        return length;
    }

    private void readContent(ByteBuffer data) {
        int count = (int) Math.min(unread, data.remaining());
        int id = header.get(0);
        if (id == EXIT) {
            exitCode = data.get() & 0xff;
            return;
        }
        byte[] bytes = new byte[count];
        data.get(bytes);
        unread -= count;
        if (id == STDOUT) {
            stdout.write(bytes, 0, count);
        } else if (id == STDERR) {
            stderr.write(bytes, 0, count);
        }
    }

    /** Returns the result, or null if the output ended without an exit code. */
    @Nullable
    ShellResult result() {
        return exitCode < 0
                ? null
                : new ShellResult(
                        exitCode, stdout.toString(StandardCharsets.UTF_8), stderr.toString(StandardCharsets.UTF_8));
    }
}
