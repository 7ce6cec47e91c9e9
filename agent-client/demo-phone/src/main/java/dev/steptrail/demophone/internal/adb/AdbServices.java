package dev.steptrail.demophone.internal.adb;

import dev.steptrail.demophone.internal.adb.Phone.Answer;
import dev.steptrail.demophone.internal.adb.Phone.Chunk;
import dev.steptrail.demophone.internal.adb.Phone.DisconnectException;
import dev.steptrail.demophone.internal.adb.Phone.NoAnswerException;
import java.io.IOException;
import java.io.OutputStream;
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
                ShellOutput output = options.contains("v2")
                        ? new ShellOutput.Packets(stream.output(), connection.maxPayload())
                        : new ShellOutput.Merged(stream.output());
                answer(phone.execute(command), output);
            }
            stream.close();
        } catch (DisconnectException e) {
            connection.close();
        } catch (NoAnswerException e) {
            stream.awaitClose();
        }
    }

    /** Writes the answer, and throws where the phone disconnects within it. */
    static void answer(Answer answer, ShellOutput output) throws IOException {
        int left = answer.bytesBeforeDisconnect();
        for (Chunk chunk : answer.chunks()) {
            byte[] bytes = chunk.bytes();
            if (left < 0) {
                output.write(chunk.error(), bytes, bytes.length);
            } else {
                int count = Math.min(left, bytes.length);
                output.write(chunk.error(), bytes, count);
                left -= count;
                if (count < bytes.length) {
                    throw new DisconnectException();
                }
            }
        }
        if (left >= 0) {
            throw new DisconnectException();
        }
        output.exit(answer.exitCode());
    }

    /** How the output of a command reaches the host. */
    sealed interface ShellOutput {
        void write(boolean error, byte[] bytes, int length) throws IOException;

        void exit(int code) throws IOException;

        /** Without a protocol: both outputs are one, and the exit code is lost. */
        record Merged(OutputStream output) implements ShellOutput {
            @Override
            public void write(boolean error, byte[] bytes, int length) throws IOException {
                output.write(bytes, 0, length);
            }

            @Override
            public void exit(int code) {}
        }

        /** Version 2: packets of an id, a little-endian length and the bytes. */
        record Packets(OutputStream output, int maxPayload) implements ShellOutput {
            static final int STDOUT = 1;
            static final int STDERR = 2;
            static final int EXIT = 3;
            static final int HEADER_BYTES = 5;

            @Override
            public void write(boolean error, byte[] bytes, int length) throws IOException {
                int most = maxPayload - HEADER_BYTES;
                for (int start = 0; start < length; start += most) {
                    packet(error ? STDERR : STDOUT, bytes, start, Math.min(most, length - start));
                }
            }

            @Override
            public void exit(int code) throws IOException {
                packet(EXIT, new byte[] {(byte) code}, 0, 1);
            }

            private void packet(int id, byte[] bytes, int offset, int length) throws IOException {
                byte[] packet = new byte[HEADER_BYTES + length];
                packet[0] = (byte) id;
                for (int i = 0; i < 4; i++) {
                    packet[1 + i] = (byte) (length >> (8 * i));
                }
                System.arraycopy(bytes, offset, packet, HEADER_BYTES, length);
                output.write(packet);
            }
        }
    }
}
