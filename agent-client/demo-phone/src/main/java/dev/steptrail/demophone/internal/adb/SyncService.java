package dev.steptrail.demophone.internal.adb;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
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
    private static final int REQUEST_BYTES = 8;
    private static final int MAX_PATH_BYTES = 1024;
    private static final int MAX_DATA_BYTES = 64 * 1024;

    private final AdbStream stream;
    private final Map<String, byte[]> files;

    private SyncService(AdbStream stream, Map<String, byte[]> files) {
        this.stream = stream;
        this.files = files;
    }

    /** Serves requests until the host sends QUIT or closes the stream. */
    static void run(AdbStream stream, Map<String, byte[]> files) throws IOException, InterruptedException {
        SyncService service = new SyncService(stream, files);
        boolean more = true;
        while (more) {
            more = service.serve();
        }
    }

    private boolean serve() throws IOException, InterruptedException {
        ByteBuffer request = ByteBuffer.wrap(stream.read(REQUEST_BYTES)).order(ByteOrder.LITTLE_ENDIAN);
        if (request.remaining() < REQUEST_BYTES) {
            return false;
        }
        String id = new String(request.array(), 0, 4, UTF_8);
        int length = request.getInt(4);
        switch (id) {
            case "STAT" -> {
                byte[] bytes = files.get(readPath(length));
                write("STAT", bytes == null ? 0 : REGULAR_FILE, bytes == null ? 0 : bytes.length, 0);
            }
            case "RECV" -> receive(files.get(readPath(length)));
            case "QUIT" -> {
                return false;
            }
            default -> fail("unknown command " + id);
        }
        return true;
    }

    private void receive(byte @Nullable [] bytes) throws IOException, InterruptedException {
        if (bytes == null) {
            fail("open failed: No such file or directory");
            return;
        }
        for (int start = 0; start < bytes.length; start += MAX_DATA_BYTES) {
            int count = Math.min(MAX_DATA_BYTES, bytes.length - start);
            write("DATA", count);
            stream.write(bytes, start, count);
        }
        write("DONE", 0);
    }

    private void fail(String message) throws IOException, InterruptedException {
        byte[] bytes = message.getBytes(UTF_8);
        write("FAIL", bytes.length);
        stream.write(bytes);
    }

    private void write(String id, int... numbers) throws IOException, InterruptedException {
        ByteBuffer message = ByteBuffer.allocate(4 + 4 * numbers.length).order(ByteOrder.LITTLE_ENDIAN);
        message.put(id.getBytes(UTF_8));
        for (int number : numbers) {
            message.putInt(number);
        }
        stream.write(message.array());
    }

    private String readPath(int length) throws ProtocolException, InterruptedException {
        if (length < 0 || length > MAX_PATH_BYTES) {
            throw new ProtocolException("path of %d bytes".formatted(length));
        }
        return new String(stream.read(length), UTF_8);
    }
}
