package dev.steptrail.demophone.internal.adb;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * The file transfer of {@code adb push} and {@code adb pull}, version 1.
 *
 * @see <a href="https://android.googlesource.com/platform/packages/modules/adb/+/refs/heads/main/SYNC.TXT">adb's
 *     SYNC.TXT</a>
 */
final class SyncService {
    private static final int REGULAR_FILE = 0100644;
    private static final int FOLDER = 040755;
    private static final int MAX_PATH_BYTES = 1024;
    private static final int MAX_DATA_BYTES = 64 * 1024;

    private final DataInputStream input;
    private final OutputStream output;
    private final PhoneFiles files;

    private SyncService(AdbStream stream, PhoneFiles files) {
        this.input = new DataInputStream(stream.input());
        this.output = stream.output();
        this.files = files;
    }

    /** Serves requests until the host sends QUIT or closes the stream. */
    static void run(AdbStream stream, PhoneFiles files) throws IOException {
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
        int length = readInt();
        switch (new String(id, UTF_8)) {
            case "STAT" -> stat(readText(length));
            case "LIST" -> list(readText(length));
            case "RECV" -> receive(readText(length));
            case "SEND" -> send(readText(length));
            case "QUIT" -> {
                return false;
            }
            default -> fail("unknown command " + new String(id, UTF_8));
        }
        return true;
    }

    private void stat(String path) throws IOException {
        Optional<PhoneFiles.File> file = files.read(path);
        if (file.isPresent()) {
            write("STAT", REGULAR_FILE, file.get().bytes().length, seconds(file.get()));
        } else {
            write("STAT", files.isFolder(path) ? FOLDER : 0, 0, 0);
        }
    }

    private void list(String path) throws IOException {
        for (String name : files.list(path)) {
            Optional<PhoneFiles.File> file = files.read(path + "/" + name);
            byte[] bytes = name.getBytes(UTF_8);
            if (file.isPresent()) {
                write("DENT", REGULAR_FILE, file.get().bytes().length, seconds(file.get()), bytes.length);
            } else {
                write("DENT", FOLDER, 0, 0, bytes.length);
            }
            output.write(bytes);
        }
        write("DONE", 0, 0, 0, 0);
    }

    private void receive(String path) throws IOException {
        Optional<PhoneFiles.File> file = files.read(path);
        if (file.isEmpty()) {
            fail("open failed: No such file or directory");
            return;
        }
        byte[] bytes = file.get().bytes();
        for (int start = 0; start < bytes.length; start += MAX_DATA_BYTES) {
            int count = Math.min(MAX_DATA_BYTES, bytes.length - start);
            write("DATA", count);
            output.write(bytes, start, count);
        }
        write("DONE", 0);
    }

    /** @param pathAndMode such as {@code /sdcard/a.txt,33188} */
    private void send(String pathAndMode) throws IOException {
        String path = pathAndMode.substring(0, Math.max(0, pathAndMode.lastIndexOf(',')));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        while (true) {
            String id = new String(input.readNBytes(4), UTF_8);
            int length = readInt();
            if (id.equals("DONE")) {
                break;
            }
            if (!id.equals("DATA") || length < 0 || length > MAX_DATA_BYTES) {
                throw new ProtocolException("unexpected %s of %d bytes within SEND".formatted(id, length));
            }
            bytes.writeBytes(input.readNBytes(length));
        }
        files.write(path, bytes.toByteArray());
        write("OKAY", 0);
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

    private int readInt() throws IOException {
        return Integer.reverseBytes(input.readInt());
    }

    private String readText(int length) throws IOException {
        if (length < 0 || length > MAX_PATH_BYTES) {
            throw new ProtocolException("path of %d bytes".formatted(length));
        }
        return new String(input.readNBytes(length), UTF_8);
    }

    private static int seconds(PhoneFiles.File file) {
        return (int) file.modified().getEpochSecond();
    }
}
