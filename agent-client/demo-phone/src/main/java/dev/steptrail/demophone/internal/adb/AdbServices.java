package dev.steptrail.demophone.internal.adb;

import dev.steptrail.demophone.internal.adb.Phone.Answer;
import dev.steptrail.demophone.internal.adb.Phone.Chunk;
import dev.steptrail.demophone.internal.adb.Phone.DisconnectException;
import dev.steptrail.demophone.internal.adb.Phone.NoAnswerException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * The services that a host can open: {@code shell:}, {@code shell,v2:}, {@code exec:} and {@code sync:}.
 *
 * @see <a href="https://android.googlesource.com/platform/packages/modules/adb/+/refs/heads/main/SERVICES.TXT">adb's
 *     SERVICES.TXT</a>
 */
final class AdbServices {
    private AdbServices() {}

    static boolean isKnown(String service) {
        return service.startsWith("shell:")
                || service.startsWith("shell,")
                || service.startsWith("exec:")
                || service.equals("sync:");
    }

    /** Runs a service until it ends, and closes its stream. Closes the connection if the phone disconnects. */
    static void run(String service, AdbStream stream, AdbConnection connection, Phone phone)
            throws IOException, InterruptedException {
        int colon = service.indexOf(':');
        String command = service.substring(colon + 1);
        List<String> options = List.of(service.substring(0, colon).split(",", -1));
        try {
            if (options.get(0).equals("sync")) {
                SyncService.run(stream, phone.files());
            } else {
                answer(
                        phone.execute(command),
                        new ShellOutput(stream, options.contains("v2"), connection.maxPayload()));
            }
            stream.close();
        } catch (DisconnectException e) {
            connection.close();
        } catch (NoAnswerException e) {
            stream.awaitClose();
        }
    }

    /** Writes the answer, and throws where the phone disconnects within it. */
    private static void answer(Answer answer, ShellOutput output) throws IOException, InterruptedException {
        int left = answer.bytesBeforeDisconnect() < 0 ? Integer.MAX_VALUE : answer.bytesBeforeDisconnect();
        for (Chunk chunk : answer.chunks()) {
            int count = Math.min(left, chunk.bytes().length);
            output.write(chunk, count);
            left -= count;
        }
        if (answer.bytesBeforeDisconnect() >= 0) {
            throw new DisconnectException();
        }
        output.exit(answer.exitCode());
    }

    /**
     * How the output of a command reaches the host.
     *
     * @param packets whether as version 2, in packets of an id, a little-endian length and the bytes; otherwise both
     *     outputs are one, and the exit code is lost
     */
    record ShellOutput(AdbStream stream, boolean packets, int maxPayload) {
        private static final int STDOUT = 1;
        private static final int STDERR = 2;
        private static final int EXIT = 3;
        private static final int HEADER_BYTES = 5;

        void write(Chunk chunk, int length) throws IOException, InterruptedException {
            if (packets) {
                packets(chunk.error() ? STDERR : STDOUT, chunk.bytes(), length);
            } else {
                stream.write(chunk.bytes(), 0, length);
            }
        }

        void exit(int code) throws IOException, InterruptedException {
            if (packets) {
                packets(EXIT, new byte[] {(byte) code}, 1);
            }
        }

        private void packets(int id, byte[] bytes, int length) throws IOException, InterruptedException {
            int most = maxPayload - HEADER_BYTES;
            for (int start = 0; start < length; start += most) {
                int count = Math.min(most, length - start);
                ByteBuffer packet = ByteBuffer.allocate(HEADER_BYTES + count).order(ByteOrder.LITTLE_ENDIAN);
                stream.write(packet.put((byte) id)
                        .putInt(count)
                        .put(bytes, start, count)
                        .array());
            }
        }
    }
}
