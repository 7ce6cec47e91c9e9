package dev.steptrail.demophone.internal.adb;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.steptrail.demophone.internal.adb.AdbServices.ShellOutput;
import dev.steptrail.demophone.internal.adb.AdbServices.ShellOutput.Packets;
import dev.steptrail.demophone.internal.adb.Phone.NoAnswerException;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;

/** The shell of {@code adb shell} without a command: executes lines until {@code exit} or the end of the input. */
final class InteractiveShell {
    private static final int DELETE = 0x7F;
    private static final int END_OF_INPUT = 4;

    private final AdbStream stream;
    private final ShellOutput output;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();

    private InteractiveShell(AdbStream stream, ShellOutput output) {
        this.stream = stream;
        this.output = output;
    }

    static void run(AdbStream stream, ShellOutput output, Phone phone)
            throws IOException, NoAnswerException, InterruptedException {
        new InteractiveShell(stream, output).run(phone);
    }

    private void run(Phone phone) throws IOException, NoAnswerException, InterruptedException {
        Keys keys = output instanceof Packets ? new PacketKeys(stream.input()) : stream.input()::read;
        print("demo:/ $ ");
        for (int key = keys.read(); key >= 0 && key != END_OF_INPUT; key = keys.read()) {
            if (key == '\r' || key == '\n') {
                print("\r\n");
                String command = line.toString(UTF_8).strip();
                line.reset();
                if (command.equals("exit")) {
                    break;
                }
                if (!command.isEmpty()) {
                    for (Phone.Chunk chunk : phone.execute(command).chunks()) {
                        print(new String(chunk.bytes(), UTF_8).replace("\n", "\r\n"));
                    }
                }
                print("demo:/ $ ");
            } else if (key == DELETE || key == '\b') {
                erase();
            } else {
                line.write(key);
                output.write(false, new byte[] {(byte) key}, 1);
            }
        }
        output.exit(0);
    }

    private void erase() throws IOException {
        String text = line.toString(UTF_8);
        if (!text.isEmpty()) {
            line.reset();
            line.writeBytes(text.substring(0, text.offsetByCodePoints(text.length(), -1))
                    .getBytes(UTF_8));
            print("\b \b");
        }
    }

    private void print(String text) throws IOException {
        byte[] bytes = text.getBytes(UTF_8);
        output.write(false, bytes, bytes.length);
    }

    private interface Keys {
        /** Returns the next byte; -1 at the end of the input. */
        int read() throws IOException;
    }

    /** Extracts standard input from the packets of the shell protocol. */
    private static final class PacketKeys implements Keys {
        private final DataInputStream packets;
        private int left;

        PacketKeys(InputStream packets) {
            this.packets = new DataInputStream(packets);
        }

        @Override
        public int read() throws IOException {
            while (left == 0) {
                int id = packets.read();
                if (id < 0) {
                    return -1;
                }
                int length = Integer.reverseBytes(packets.readInt());
                if (id == Packets.STDIN) {
                    left = length;
                } else {
                    packets.skipNBytes(length);
                }
            }
            left--;
            return packets.readUnsignedByte();
        }
    }
}
