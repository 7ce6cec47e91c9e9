package dev.steptrail.phone.adb;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Reads the bytes of adb's {@code exec} service, which has no exit code. */
final class ExecOutput implements AdbOutput {
    /** More than the PNG of the largest screen. */
    private static final int MAX_BYTES = 128 << 20;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(1 << 20);

    @Override
    public boolean accept(ByteBuffer data) throws IOException {
        if (data.remaining() > MAX_BYTES - bytes.size()) {
            throw new IOException("the phone wrote more than " + MAX_BYTES + " bytes");
        }
        bytes.write(data.array(), data.arrayOffset() + data.position(), data.remaining());
        data.position(data.limit());
        return false;
    }

    byte[] bytes() {
        return bytes.toByteArray();
    }
}
