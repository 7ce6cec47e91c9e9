package dev.steptrail.demophone.internal.adb;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * A message of adb's transport protocol: a header of six little-endian words, followed by a payload.
 *
 * @param command one of the constants
 * @param first the sender's stream id, or an argument of CNXN and AUTH
 * @param second the receiver's stream id, or an argument of CNXN
 * @see <a href="https://android.googlesource.com/platform/packages/modules/adb/+/refs/heads/main/protocol.txt">adb's
 *     protocol.txt</a>
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record AdbMessage(int command, int first, int second, byte[] payload) {
    static final int CNXN = 0x4e584e43;
    static final int AUTH = 0x48545541;
    static final int OPEN = 0x4e45504f;
    static final int OKAY = 0x59414b4f;
    static final int WRTE = 0x45545257;
    static final int CLSE = 0x45534c43;

    /** From this version on, the checksum of the payload is not compared. */
    static final int VERSION_WITHOUT_CHECKSUM = 0x01000001;

    static final int VERSION_WITH_CHECKSUM = 0x01000000;

    private static final int HEADER_BYTES = 24;

    AdbMessage(int command, int first, int second) {
        this(command, first, second, new byte[0]);
    }

    /** Returns the payload as text, without the zero byte at its end. */
    String text() {
        int length = payload.length > 0 && payload[payload.length - 1] == 0 ? payload.length - 1 : payload.length;
        return new String(payload, 0, length, StandardCharsets.UTF_8);
    }

    /**
     * Reads the next message.
     *
     * @param maxPayload in bytes
     * @throws ProtocolException if the header is malformed, or if {@code checksum} is true and the payload's is wrong
     */
    static AdbMessage read(DataInputStream input, int maxPayload, boolean checksum) throws IOException {
        byte[] bytes = new byte[HEADER_BYTES];
        input.readFully(bytes);
        ByteBuffer header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int command = header.getInt();
        int first = header.getInt();
        int second = header.getInt();
        int length = header.getInt();
        int sum = header.getInt();
        if (header.getInt() != ~command) {
            throw new ProtocolException("header without the complement of its command: %08x".formatted(command));
        }
        if (length < 0 || length > maxPayload) {
            throw new ProtocolException("payload of %d bytes (at most %d)".formatted(length, maxPayload));
        }
        byte[] payload = new byte[length];
        input.readFully(payload);
        if (checksum && sum != sum(payload)) {
            throw new ProtocolException("wrong checksum of a payload of %d bytes".formatted(length));
        }
        return new AdbMessage(command, first, second, payload);
    }

    /** Writes the message and its checksum. */
    void write(OutputStream output) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(HEADER_BYTES + payload.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putInt(command).putInt(first).putInt(second).putInt(payload.length);
        bytes.putInt(sum(payload)).putInt(~command).put(payload);
        output.write(bytes.array());
        output.flush();
    }

    private static int sum(byte[] payload) {
        int sum = 0;
        for (byte b : payload) {
            sum += b & 0xFF;
        }
        return sum;
    }
}
