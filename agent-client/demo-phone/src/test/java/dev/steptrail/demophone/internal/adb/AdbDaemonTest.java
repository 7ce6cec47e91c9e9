package dev.steptrail.demophone.internal.adb;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.steptrail.demophone.adb.Authorization;
import dev.steptrail.demophone.internal.adb.Phone.Answer;
import dev.steptrail.demophone.internal.adb.Phone.Chunk;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.ProtocolException;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Speaks adb's protocol with the daemon, message by message. */
class AdbDaemonTest {
    private static final byte[] NONE = {};

    /** A phone whose shell repeats the command line, followed by {@code !} on standard error. */
    private static final class Echo implements Phone {
        private final List<String> executed = new ArrayList<>();

        @Override
        public synchronized Answer execute(String commandLine) throws DisconnectException, NoAnswerException {
            executed.add(commandLine);
            if (commandLine.equals("disconnect")) {
                throw new DisconnectException();
            } else if (commandLine.equals("hang")) {
                throw new NoAnswerException();
            }
            int cut = commandLine.equals("cut") ? 2 : -1;
            return new Answer(
                    List.of(new Chunk(false, commandLine.getBytes(UTF_8)), new Chunk(true, "!\n".getBytes(UTF_8))),
                    3,
                    cut);
        }

        @Override
        public Map<String, byte[]> files() {
            return Map.of();
        }
    }

    private final Echo phone = new Echo();
    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable closeable : open) {
            closeable.close();
        }
    }

    private AdbDaemon daemon(Authorization authorization, boolean checksums) throws IOException {
        AdbDaemon daemon = new AdbDaemon(new AdbDaemon.Settings(0, "ro.product.model=X", 4096, checksums), phone);
        daemon.setAuthorization(authorization);
        open.add(daemon);
        return daemon;
    }

    private Host connected() throws IOException {
        Host host = Host.connect(daemon(Authorization.OFF, false).port());
        open.add(host);
        return host;
    }

    @Test
    void cnxn_isAnsweredWithVersionLimitAndBanner() throws IOException {
        try (Host host = Host.open(daemon(Authorization.OFF, false).port())) {
            host.sendConnect();
            AdbMessage answer = host.read();

            assertThat(answer.command()).isEqualTo(AdbMessage.CNXN);
            assertThat(answer.first()).isEqualTo(0x01000001);
            assertThat(answer.second()).isEqualTo(4096);
            assertThat(answer.text()).isEqualTo("device::ro.product.model=X");
        }
    }

    @Test
    void shellV2Raw_separatesOutputsAndSendsTheExitCode() throws IOException {
        assertThat(connected().call("shell,v2,raw:ab"))
                .isEqualTo(new byte[] {1, 2, 0, 0, 0, 'a', 'b', 2, 2, 0, 0, 0, '!', '\n', 3, 1, 0, 0, 0, 3});
    }

    @Test
    void unknownService_isClosed() throws IOException {
        Host host = connected();
        host.open("reboot:");

        AdbMessage answer = host.read();
        assertThat(answer.command()).isEqualTo(AdbMessage.CLSE);
        assertThat(answer.first()).isZero();
        assertThat(answer.second()).isEqualTo(7);
    }

    @Test
    void wrte_isSentOnlyAfterOkay() throws IOException {
        Host host = connected();
        host.open("exec:" + "x".repeat(4000));
        AdbMessage okay = host.read();
        assertThat(okay.command()).isEqualTo(AdbMessage.OKAY);
        AdbMessage first = host.read();
        assertThat(first.command()).isEqualTo(AdbMessage.WRTE);

        // A second service is answered while the first one waits for its OKAY.
        host.send(new AdbMessage(AdbMessage.OPEN, 8, 0, "exec:y\0".getBytes(UTF_8)));
        assertThat(host.read().second()).isEqualTo(8);
        AdbMessage other = host.read();
        assertThat(other.second()).isEqualTo(8);
        assertThat(other.payload()).asString(UTF_8).isEqualTo("y");

        host.send(new AdbMessage(AdbMessage.OKAY, 7, okay.first()));
        assertThat(host.read().payload()).asString(UTF_8).isEqualTo("!\n");
    }

    @Test
    void clseOfTheHost_endsTheService() throws IOException {
        Host host = connected();
        host.open("exec:hang");
        AdbMessage okay = host.read();
        host.send(new AdbMessage(AdbMessage.CLSE, 7, okay.first()));

        assertThat(host.read().command()).isEqualTo(AdbMessage.CLSE);
        assertThat(host.call("exec:next")).asString(UTF_8).isEqualTo("next!\n");
    }

    @Test
    void disconnection_closesTheConnection_andTheNextOneWorks() throws IOException {
        AdbDaemon daemon = daemon(Authorization.OFF, false);
        try (Host host = Host.connect(daemon.port())) {
            assertThatThrownBy(() -> host.call("exec:disconnect")).isInstanceOf(IOException.class);
        }
        try (Host host = Host.connect(daemon.port())) {
            host.open("exec:cut");
            host.read();
            assertThat(host.read().payload()).asString(UTF_8).isEqualTo("cu");
            host.send(new AdbMessage(AdbMessage.OKAY, 7, 1));
            assertThatThrownBy(host::read).isInstanceOf(IOException.class);
        }
        try (Host host = Host.connect(daemon.port())) {
            assertThat(host.call("exec:a")).asString(UTF_8).isEqualTo("a!\n");
            assertThat(daemon.disconnect()).isEqualTo(1);
            assertThat(daemon.disconnect()).isZero();
            assertThatThrownBy(host::read).isInstanceOf(IOException.class);
        }
        assertThat(phone.executed).containsExactly("disconnect", "cut", "a");
    }

    @Test
    void close_whileHostsOpenServices_endsTheirConnections() throws Exception {
        List<Throwable> uncaught = Collections.synchronizedList(new ArrayList<>());
        Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
        Thread.setDefaultUncaughtExceptionHandler((thread, e) -> uncaught.add(e));
        try {
            for (int i = 0; i < 50; i++) {
                AdbDaemon daemon = daemon(Authorization.OFF, false);
                try (Host host = Host.connect(daemon.port())) {
                    Thread closing = new Thread(daemon::close);
                    closing.start();
                    assertThatThrownBy(() -> {
                                while (true) {
                                    host.call("exec:a");
                                }
                            })
                            .isInstanceOf(IOException.class);
                    closing.join();
                }
            }
        } finally {
            Thread.setDefaultUncaughtExceptionHandler(before);
        }
        assertThat(uncaught).isEmpty();
    }

    @Test
    void garbage_orAFirstMessageOtherThanCnxn_endsOnlyItsConnection() throws IOException {
        AdbDaemon daemon = daemon(Authorization.OFF, false);
        try (Host host = Host.open(daemon.port())) {
            host.open("shell:x");
            assertThatThrownBy(host::read).isInstanceOf(IOException.class);
        }
        for (int seed = 0; seed < 50; seed++) {
            byte[] garbage = new byte[200];
            new Random(seed).nextBytes(garbage);
            try (Host host = Host.connect(daemon.port())) {
                host.sendBytes(garbage);
                assertThatThrownBy(host::read).as("seed " + seed).isInstanceOf(IOException.class);
            }
        }
        try (Host host = Host.connect(daemon.port())) {
            assertThat(host.call("exec:a")).asString(UTF_8).isEqualTo("a!\n");
        }
    }

    @Test
    void checksum_isComparedInTheOlderVersion() throws IOException {
        try (Host host = Host.connect(daemon(Authorization.OFF, true).port())) {
            assertThat(host.call("exec:a")).asString(UTF_8).isEqualTo("a!\n");
        }

        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        new AdbMessage(AdbMessage.WRTE, 1, 2, "payload".getBytes(UTF_8)).write(bytes);
        byte[] message = bytes.toByteArray();
        message[message.length - 1]++;
        assertThat(AdbMessage.read(input(message), 100, false).payload()).hasSize(7);
        assertThatThrownBy(() -> AdbMessage.read(input(message), 100, true)).isInstanceOf(ProtocolException.class);
    }

    @Test
    void read_ofAMalformedHeader_fails() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        new AdbMessage(AdbMessage.OKAY, 1, 2).write(bytes);
        byte[] message = bytes.toByteArray();
        message[20]++;

        assertThatThrownBy(() -> AdbMessage.read(input(message), 100, false)).isInstanceOf(ProtocolException.class);
        bytes.reset();
        new AdbMessage(AdbMessage.WRTE, 1, 2, new byte[101]).write(bytes);
        assertThatThrownBy(() -> AdbMessage.read(input(bytes.toByteArray()), 100, false))
                .isInstanceOf(ProtocolException.class);
    }

    @Test
    void authorization_acceptsAnyKey_andLaterItsSignature() throws IOException {
        int port = daemon(Authorization.ACCEPT, false).port();
        try (Host host = Host.open(port)) {
            host.sendConnect();
            assertThat(host.read().command()).isEqualTo(AdbMessage.AUTH);
            host.send(new AdbMessage(AdbMessage.AUTH, 2, 0, NONE));
            assertThat(host.read().command()).isEqualTo(AdbMessage.AUTH);
            host.send(new AdbMessage(AdbMessage.AUTH, 3, 0, "key\0".getBytes(UTF_8)));
            assertThat(host.read().command()).isEqualTo(AdbMessage.CNXN);
        }
        try (Host host = Host.open(port)) {
            host.sendConnect();
            host.read();
            host.send(new AdbMessage(AdbMessage.AUTH, 2, 0, NONE));
            assertThat(host.read().command()).isEqualTo(AdbMessage.CNXN);
        }
    }

    @Test
    void authorization_refused_neverAnswersTheKey() throws IOException {
        try (Host host = Host.open(daemon(Authorization.REFUSE, false).port())) {
            host.sendConnect();
            host.read();
            host.send(new AdbMessage(AdbMessage.AUTH, 2, 0, NONE));
            host.read();
            host.send(new AdbMessage(AdbMessage.AUTH, 3, 0, "key\0".getBytes(UTF_8)));

            assertNoAnswer(host);
        }
    }

    @Test
    void offline_answersNothing() throws IOException {
        try (Host host = Host.open(daemon(Authorization.OFFLINE, false).port())) {
            host.sendConnect();

            assertNoAnswer(host);
        }
    }

    private static void assertNoAnswer(Host host) throws IOException {
        host.setTimeout(300);
        assertThatThrownBy(host::read).isInstanceOf(SocketTimeoutException.class);
    }

    private static DataInputStream input(byte[] bytes) {
        return new DataInputStream(new ByteArrayInputStream(bytes));
    }
}
