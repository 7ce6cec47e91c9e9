package dev.steptrail.phone.adb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.steptrail.phone.device.DeviceException;
import dev.steptrail.phone.device.DeviceLostException;
import dev.steptrail.phone.device.OutcomeUnknownException;
import dev.steptrail.stepformat.ReservedPorts;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An adb server that fails in ways that a real one does only rarely. */
@Timeout(30)
class ServerTransportTest {
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final Duration SHORT = Duration.ofMillis(200);

    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final CountDownLatch waiting = new CountDownLatch(1);
    private ServerSocket socket;

    /** Answers a request; returns whether the connection goes on. */
    private volatile Answers answers = (request, output) -> false;

    private interface Answers {
        boolean answer(String request, OutputStream output) throws Exception;
    }

    @BeforeEach
    void start() throws IOException {
        socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread server = new Thread(() -> {
            while (!socket.isClosed()) {
                try {
                    Socket connection = socket.accept();
                    new Thread(() -> serve(connection)).start();
                } catch (IOException e) {
                    return; // closed
                }
            }
        });
        server.start();
    }

    private void serve(Socket connection) {
        try (connection) {
            InputStream input = connection.getInputStream();
            boolean open = true;
            while (open) {
                int length = Integer.parseInt(new String(input.readNBytes(4), StandardCharsets.US_ASCII), 16);
                String request = new String(input.readNBytes(length), StandardCharsets.UTF_8);
                requests.add(request);
                open = answers.answer(request, connection.getOutputStream());
            }
        } catch (Exception e) {
            // the client has gone
        }
    }

    @AfterEach
    void stop() throws IOException {
        socket.close();
    }

    private PhoneShell shell() {
        return new PhoneShell("X", new ServerTransport(server(), "X"), Duration.ofMillis(300));
    }

    private AdbServer server() {
        return new AdbServer(settings(socket.getLocalPort()));
    }

    @Test
    void input_serverSendsSlowly_endsAtTheDeadline() {
        answers = (request, output) -> {
            if (request.startsWith("host:transport:")) {
                output.write(bytes("OKAY"));
                return true;
            }
            output.write(bytes("OKAY"));
            while (true) { // a timeout for each read would never pass
                output.write(ShellOutputTest.packet(1, new byte[] {'x'}));
                Thread.sleep(20);
            }
        };

        assertThatThrownBy(() -> shell().input("input tap 1 2", SHORT))
                .isInstanceOf(OutcomeUnknownException.class)
                .hasMessageContaining("no answer within 200 ms");
    }

    @Test
    void query_endlessEmptyPackets_endsAtTheDeadline() {
        answers = (request, output) -> {
            output.write(bytes("OKAY"));
            byte[] packets = new byte[5 * 10_000];
            for (int i = 0; i < packets.length; i += 5) {
                packets[i] = 1;
            }
            while (!request.startsWith("host:")) {
                output.write(packets);
            }
            return true;
        };

        assertThatThrownBy(() -> shell().query("getprop", SHORT)).hasMessageContaining("no answer within 200 ms");
    }

    @Test
    void input_transportFails_isSentLater() throws Exception {
        answers = (request, output) -> {
            boolean first = requests.size() < 3;
            if (request.startsWith("host:transport:")) {
                output.write(bytes(first ? "FAIL000edevice offline" : "OKAY"));
                return !first;
            }
            output.write(bytes("OKAY"));
            output.write(ShellOutputTest.packet(3, new byte[] {0}));
            return false;
        };

        shell().input("input tap 1 2", LONG);

        assertThat(requests)
                .containsExactly(
                        "host:transport:X", "host:transport:X", "host:transport:X", "shell,v2,raw:input tap 1 2");
    }

    @Test
    void input_serviceFailsOrEnds_isUnknown() {
        for (String answer : List.of("FAIL0006closed", "OKAY", "OK", "")) {
            requests.clear();
            answers = (request, output) -> {
                boolean transport = request.startsWith("host:transport:");
                output.write(bytes(transport ? "OKAY" : answer));
                return transport;
            };

            assertThatThrownBy(() -> shell().input("input tap 1 2", LONG))
                    .as(answer)
                    .isInstanceOf(OutcomeUnknownException.class);
            assertThat(requests).hasSize(2);
        }
    }

    @Test
    void input_phoneDoesNotComeBack_isLost() {
        answers = (request, output) -> {
            output.write(bytes("FAIL0014device 'X' not found"));
            return false;
        };

        assertThatThrownBy(() -> shell().input("input tap 1 2", LONG))
                .isInstanceOf(DeviceLostException.class)
                .hasMessageContaining("did not come back within 0 s: not attached");
        assertThat(requests).containsOnly("host:transport:X");
    }

    @Test
    void query_interrupted_ends() throws Exception {
        answers = (request, output) -> {
            waiting.countDown();
            Thread.sleep(LONG.toMillis());
            return false;
        };
        AtomicReference<Throwable> outcome = new AtomicReference<>();
        Thread caller = new Thread(() -> outcome.set(catchThrowable(() -> shell().query("getprop", LONG))));
        caller.start();
        waiting.await();

        caller.interrupt();
        caller.join();

        assertThat(outcome.get()).isInstanceOf(InterruptedException.class);
    }

    @Test
    void list_startsTheServer_withoutTheKeysOfThisProcess(@TempDir Path folder) throws Exception {
        Path adb = folder.resolve("adb");
        Files.writeString(adb, "#!/bin/sh\nenv > '" + folder.resolve("environment") + "'\nexit 1\n");
        assertThat(adb.toFile().setExecutable(true)).isTrue();
        ProcessBuilder child = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                ServerTransportTest.class.getName(),
                adb.toString(),
                Integer.toString(ReservedPorts.reserve()));
        child.environment().put("STEPTRAIL_MODEL_KEY", "secret");
        child.environment().put("OTHER", "kept");

        Process process = child.redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(output).contains("the adb server does not start");
        assertThat(folder.resolve("environment"))
                .content()
                .contains("OTHER=kept")
                .doesNotContain("secret");
    }

    /** Lists phones, which starts this adb for the server at this port. */
    public static void main(String[] arguments) throws Exception {
        new AdbDevices(settings(Integer.parseInt(arguments[1])).withAdbBinary(arguments[0])).list();
    }

    private static AdbSettings settings(int serverPort) {
        return AdbSettings.fromEnvironment(Map.of("ANDROID_ADB_SERVER_PORT", String.valueOf(serverPort)));
    }

    @Test
    void ask_notAnAdbServer_saysSo() {
        answers = (request, output) -> {
            output.write(bytes("HTTP/1.1 400 Bad Request\r\n\r\n"));
            return false;
        };

        assertThatThrownBy(() -> server().ask("host:devices-l", Deadline.after(LONG)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("does not answer like an adb server: another program uses the port, or set")
                .hasMessageContaining("ANDROID_ADB_SERVER_PORT");
    }

    @Test
    void list_aProgramThatDoesNotAnswer_isNamed() {
        AdbSettings settings = settings(socket.getLocalPort());
        AdbDevices devices =
                new AdbDevices(settings.withTimeouts(settings.timeouts().withRequests(SHORT)));
        String message = "127.0.0.1:" + socket.getLocalPort() + " does not answer like an adb server: ";

        answers = (request, output) -> false;
        assertThatThrownBy(devices::list).isInstanceOf(DeviceException.class).hasMessageStartingWith(message);
        answers = (request, output) -> true;
        assertThatThrownBy(devices::list).hasMessageStartingWith(message);
    }

    @Test
    void capture_largeOutput_isReadWhole() throws Exception {
        byte[] image = new byte[3_000_000];
        new Random(1).nextBytes(image);
        answers = (request, output) -> {
            output.write(bytes("OKAY"));
            if (request.startsWith("exec:")) {
                output.write(image);
                return false;
            }
            return true;
        };

        assertThat(shell().capture("screencap -p", LONG)).isEqualTo(image);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
