package dev.steptrail.cli.login;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CallbackServerTest {
    private static final Duration SHORT = Duration.ofMillis(300);

    private static HttpURLConnection open(URI address) throws IOException {
        HttpURLConnection connection = (HttpURLConnection) address.toURL().openConnection();
        connection.setReadTimeout(10_000);
        return connection;
    }

    /** Returns ports that were free a moment ago. */
    private static List<Integer> freePorts(int count) throws IOException {
        List<ServerSocket> sockets = new ArrayList<>();
        List<Integer> ports = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            sockets.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
            ports.add(sockets.get(i).getLocalPort());
        }
        for (ServerSocket socket : sockets) {
            socket.close();
        }
        return ports;
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "127.0.0.1"})
    void callback_isReturned_andTheBrowserShowsWhereToContinue(String host) throws Exception {
        try (CallbackServer server = CallbackServer.start(freePorts(1))) {
            String query = "?code=a%20b&state=s";
            HttpURLConnection browser =
                    open(URI.create(server.redirectUri().toString().replace("localhost", host) + query));

            assertThat(browser.getResponseCode()).isEqualTo(200);
            assertThat(browser.getHeaderField("Content-Security-Policy")).startsWith("default-src 'none'");
            assertThat(browser.getHeaderField("Cache-Control")).isEqualTo("no-store");
            assertThat(new String(browser.getInputStream().readAllBytes(), "UTF-8"))
                    .contains("Return to the terminal", "请返回终端")
                    .doesNotContain("a b", "a%20b");
            assertThat(server.await(SHORT)).isEqualTo(server.redirectUri() + query);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/callback", "/callback/?code=x", "/favicon.ico", "/signed-in?code=x"})
    void otherRequest_isNotFound_andIgnored(String path) throws Exception {
        try (CallbackServer server = CallbackServer.start(freePorts(1))) {
            assertThat(open(server.redirectUri().resolve(path)).getResponseCode())
                    .isEqualTo(404);
            HttpURLConnection post = open(URI.create(server.redirectUri() + "?code=x"));
            post.setRequestMethod("POST");
            assertThat(post.getResponseCode()).isEqualTo(404);

            assertThatThrownBy(() -> server.await(SHORT))
                    .hasMessageStartingWith("nobody signed in within 0 seconds; run steptrail login again")
                    .hasMessageContaining("--no-browser");
        }
    }

    @Test
    void portInUse_isSkipped_andAllPortsInUseAreReported() throws Exception {
        List<Integer> ports = freePorts(3);
        List<ServerSocket> used = new ArrayList<>();
        try {
            used.add(new ServerSocket(ports.get(0), 1, InetAddress.getByName("127.0.0.1")));
            try (CallbackServer server = CallbackServer.start(ports)) {
                assertThat(server.redirectUri()).hasPort(ports.get(1)).hasHost("localhost");
            }
            used.add(new ServerSocket(ports.get(1), 1, InetAddress.getByName("127.0.0.1")));
            used.add(new ServerSocket(ports.get(2), 1, InetAddress.getByName("127.0.0.1")));

            assertThatThrownBy(() -> CallbackServer.start(ports))
                    .hasMessage("the ports " + ports + " of localhost are all in use; free one of them, or use"
                            + " steptrail login --no-browser");
        } finally {
            for (ServerSocket socket : used) {
                socket.close();
            }
        }
    }

    @Test
    void otherMachines_cannotConnect() throws Exception {
        Optional<InetAddress> external = externalAddress();
        try (CallbackServer server = CallbackServer.start(freePorts(1))) {
            int port = server.redirectUri().getPort();
            connect(InetAddress.getByName("127.0.0.1"), port);
            if (external.isPresent()) { // a machine without a network has only loopback addresses
                assertThatThrownBy(() -> connect(external.get(), port)).isInstanceOf(ConnectException.class);
            }
        }
    }

    private static void connect(InetAddress address, int port) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address, port), 2000);
        }
    }

    private static Optional<InetAddress> externalAddress() throws SocketException {
        return NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> !address.isLoopbackAddress() && !address.isLinkLocalAddress())
                .findFirst();
    }
}
