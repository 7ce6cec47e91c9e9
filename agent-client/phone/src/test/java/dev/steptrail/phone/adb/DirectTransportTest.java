package dev.steptrail.phone.adb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.steptrail.phone.device.DeviceException;
import dev.steptrail.phone.device.OutcomeUnknownException;
import java.io.DataInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A phone that does not follow adb's protocol. */
@Timeout(30)
class DirectTransportTest {
    private static final int CNXN = 0x4e584e43;
    private static final int OKAY = 0x59414b4f;
    private static final int CLSE = 0x45534c43;
    private static final int WRTE = 0x45545257;
    private static final Duration TIMEOUT = Duration.ofMillis(500);

    private final AtomicInteger connections = new AtomicInteger();
    private ServerSocket socket;
    private PhoneShell shell;

    /** Answers a request. */
    private volatile Answers answers;

    /** Runs when the client has closed its service. */
    private volatile Answers afterClose = (output, hostId) -> {};

    private interface Answers {
        void answer(OutputStream output, int hostId) throws IOException;
    }

    @BeforeEach
    void start() throws IOException {
        socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        shell = new PhoneShell("X", new DirectTransport("127.0.0.1", socket.getLocalPort()), Duration.ofSeconds(1));
        Thread phone = new Thread(() -> {
            while (!socket.isClosed()) {
                try {
                    Socket connection = socket.accept();
                    connections.incrementAndGet();
                    new Thread(() -> serve(connection)).start();
                } catch (IOException e) {
                    return; // closed
                }
            }
        });
        phone.start();
    }

    private void serve(Socket connection) {
        try (connection) {
            DataInputStream input = new DataInputStream(connection.getInputStream());
            OutputStream output = new FilterOutputStream(connection.getOutputStream()) {
                @Override
                public void close() throws IOException {
                    connection.shutdownOutput();
                }
            };
            readMessage(input);
            output.write(message(CNXN, 0x01000000, 4096, "device::features=shell_v2"));
            while (true) {
                ByteBuffer request = readMessage(input);
                if (request.getInt(0) == 0x4e45504f) {
                    answers.answer(output, request.getInt(4));
                } else if (request.getInt(0) == CLSE) {
                    afterClose.answer(output, request.getInt(4));
                }
            }
        } catch (IOException e) {
            // the client has gone
        }
    }

    private static ByteBuffer readMessage(DataInputStream input) throws IOException {
        byte[] header = new byte[24];
        input.readFully(header);
        ByteBuffer message = ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN);
        input.readFully(new byte[message.getInt(12)]);
        return message;
    }

    private static byte[] message(int command, int arg0, int arg1, String payload) {
        byte[] bytes = payload.getBytes(StandardCharsets.ISO_8859_1);
        return header(command, arg0, arg1, bytes.length, ~command, bytes);
    }

    private static byte[] header(int command, int arg0, int arg1, int length, int magic, byte[] payload) {
        return ByteBuffer.allocate(24 + payload.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(command)
                .putInt(arg0)
                .putInt(arg1)
                .putInt(length)
                .putInt(0)
                .putInt(magic)
                .put(payload)
                .array();
    }

    private static void succeed(OutputStream output, int hostId) throws IOException {
        output.write(message(OKAY, 7, hostId, ""));
        output.write(message(WRTE, 7, hostId, "\3\1\0\0\0\0"));
    }

    @AfterEach
    void stop() throws IOException {
        socket.close();
    }

    @Test
    void query_validAnswers_useOneConnection() throws Exception {
        answers = DirectTransportTest::succeed;

        shell.query("true", TIMEOUT);
        shell.query("true", TIMEOUT);

        assertThat(connections).hasValue(1);
    }

    @Test
    void input_invalidMagicOrLength_isUnknown_andTheConnectionIsNotUsedAgain() throws Exception {
        byte[] payload = "\3\1\0\0\0\0".getBytes(StandardCharsets.ISO_8859_1);
        byte[] invalidMagic = header(WRTE, 7, 1, payload.length, WRTE, payload);
        byte[] negative = header(WRTE, 7, 1, -1, ~WRTE, payload);
        byte[] tooLong = header(WRTE, 7, 1, (1 << 20) + 1, ~WRTE, new byte[(1 << 20) + 1]);
        for (byte[] invalid : new byte[][] {invalidMagic, negative, tooLong}) {
            int before = connections.get();
            answers = (output, hostId) -> {
                output.write(message(OKAY, 7, hostId, ""));
                ByteBuffer.wrap(invalid).order(ByteOrder.LITTLE_ENDIAN).putInt(8, hostId);
                output.write(invalid);
            };
            assertThatThrownBy(() -> shell.input("input tap 1 2", TIMEOUT))
                    .isInstanceOf(OutcomeUnknownException.class)
                    .hasMessageContaining("invalid message");

            answers = DirectTransportTest::succeed;
            shell.input("input tap 1 2", TIMEOUT);
            assertThat(connections).hasValue(before == 0 ? 2 : before + 1);
        }
    }

    @Test
    void input_connectionWasClosedAfterALateMessage_isSentOnANewConnection() throws Exception {
        CountDownLatch closed = new CountDownLatch(1);
        answers = DirectTransportTest::succeed;
        afterClose = (output, hostId) -> {
            output.write(message(CLSE, 7, hostId, ""));
            output.close();
            closed.countDown();
        };
        shell.input("input tap 1 2", TIMEOUT);
        closed.await();

        shell.input("input tap 3 4", TIMEOUT);

        assertThat(connections).hasValue(2);
    }

    @Test
    void query_endlessMessagesOfAnotherService_endsAtTheDeadline() {
        answers = (output, hostId) -> {
            while (true) {
                output.write(message(OKAY, 7, hostId + 1, ""));
            }
        };

        assertThatThrownBy(() -> shell.query("true", TIMEOUT))
                .isInstanceOf(DeviceException.class)
                .hasMessageContaining("no answer within 500 ms");
    }

    @Test
    void input_serviceIsRefused_doesNotRevealTheTypedText() {
        answers = (output, hostId) -> output.write(message(CLSE, 0, hostId, ""));

        assertThatThrownBy(() -> shell.input("input text secret", TIMEOUT))
                .isInstanceOf(DeviceException.class)
                .hasMessageContaining("refused")
                .hasMessageNotContaining("secret");
    }
}
