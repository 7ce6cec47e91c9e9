package dev.steptrail.demophone.internal.adb;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The file transfer of {@code adb pull}, version 1.
 *
 * @see <a href="https://android.googlesource.com/platform/packages/modules/adb/+/refs/heads/main/SYNC.TXT">adb's
 *     SYNC.TXT</a>
 */
final class SyncService {
    private static final int REGULAR_FILE = 0100644;
    private static final int MAX_PATH_BYTES = 1024;
    private static final int MAX_DATA_BYTES = 64 * 1024;

    private final DataInputStream input;
    private final OutputStream output;
    private final Map<String, byte[]> files;

    private SyncService(AdbStream stream, Map<String, byte[]> files) {
        this.input = new DataInputStream(stream.input());
        this.output = stream.output();
        this.files = files;
    }

    /** Serves requests until the host sends QUIT or closes the stream. */
    static void run(AdbStream stream, Map<String, byte[]> files) throws IOException {
        SyncService service = new SyncService(stream, files);
        boolean more = true;
        while (more) {
            more = service.serve();
        }
    }

    private boolean serve() throws IOException {
        byte[] id = new byte[4];
        if (input.readNBytes(id, 0, 4) < 4) {
            return false;
        }
        int length = Integer.reverseBytes(input.readInt());
        switch (new String(id, UTF_8)) {
            case "STAT" -> {
                byte[] bytes = files.get(readPath(length));
                write("STAT", bytes == null ? 0 : REGULAR_FILE, bytes == null ? 0 : bytes.length, 0);
            }
            case "RECV" -> receive(files.get(readPath(length)));
            case "QUIT" -> {
                return false;
            }
            default -> fail("unknown command " + new String(id, UTF_8));
        }
        return true;
    }

    private void receive(byte @Nullable [] bytes) throws IOException {
        if (bytes == null) {
            fail("open failed: No such file or directory");
            return;
        }
        for (int start = 0; start < bytes.length; start += MAX_DATA_BYTES) {
            int count = Math.min(MAX_DATA_BYTES, bytes.length - start);
            write("DATA", count);
            output.write(bytes, start, count);
        }
        write("DONE", 0);
    }

    private void fail(String message) throws IOException {
        byte[] bytes = message.getBytes(UTF_8);
        write("FAIL", bytes.length);
        output.write(bytes);
    }

    private void write(String id, int... numbers) throws IOException {
        ByteBuffer message = ByteBuffer.allocate(4 + 4 * numbers.length).order(ByteOrder.LITTLE_ENDIAN);
        message.put(id.getBytes(UTF_8));
        for (int number : numbers) {
            message.putInt(number);
        }
        output.write(message.array());
    }

    private String readPath(int length) throws IOException {
        if (length < 0 || length > MAX_PATH_BYTES) {
            throw new ProtocolException("path of %d bytes".formatted(length));
        }
        return new String(input.readNBytes(length), UTF_8);
    }
}
