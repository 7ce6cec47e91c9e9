package dev.steptrail.cli.login;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.oauth2.sdk.id.State;
import dev.steptrail.stepformat.ReservedPorts;
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
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CallbackServerTest {
    private static final Duration SHORT = Duration.ofMillis(20);
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final State STATE = new State("s");

    private static CallbackServer start() throws IOException {
        return CallbackServer.start(STATE, List.of(ReservedPorts.reserve()), LONG);
    }

    /**
     * Sends a request line and a Host header.
     *
     * @return the status of the response; -1 if the server closed the connection without one
     */
    private static int status(CallbackServer server, String target, String headers) throws IOException {
        try (Socket socket = new Socket(
                InetAddress.getByName("127.0.0.1"), server.redirectUri().getPort())) {
            socket.setSoTimeout(30_000);
            socket.getOutputStream().write(("GET " + target + " HTTP/1.1\r\n" + headers + "\r\n").getBytes(US_ASCII));
            String response = new String(socket.getInputStream().readAllBytes(), US_ASCII);
            return response.isEmpty() ? -1 : Integer.parseInt(response.split(" ")[1]);
        }
    }

    private static HttpURLConnection open(URI address) throws IOException {
        HttpURLConnection connection = (HttpURLConnection) address.toURL().openConnection();
        connection.setReadTimeout(30_000);
        return connection;
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "127.0.0.1"})
    void callback_isReturned_andTheBrowserShowsWhereToContinue(String host) throws Exception {
        try (CallbackServer server = start()) {
            String query = "?code=a%20b&state=s";
            HttpURLConnection browser =
                    open(URI.create(server.redirectUri().toString().replace("localhost", host) + query));

            assertThat(browser.getResponseCode()).isEqualTo(200);
            assertThat(browser.getHeaderField("Content-Security-Policy")).startsWith("default-src 'none'");
            assertThat(browser.getHeaderField("Cache-Control")).isEqualTo("no-store");
            assertThat(new String(browser.getInputStream().readAllBytes(), "UTF-8"))
                    .contains("Return to the terminal", "请返回终端")
                    .doesNotContain("a b", "a%20b");
            assertThat(server.await(LONG)).isEqualTo(server.redirectUri() + query);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/callback/?code=x&state=s", "/favicon.ico", "/signed-in?code=x&state=s"})
    void otherRequest_isNotFound_andIgnored(String path) throws Exception {
        try (CallbackServer server = start()) {
            assertThat(open(server.redirectUri().resolve(path)).getResponseCode())
                    .isEqualTo(404);
            HttpURLConnection post = open(URI.create(server.redirectUri() + "?code=x&state=s"));
            post.setRequestMethod("POST");
            assertThat(post.getResponseCode()).isEqualTo(404);

            assertThatThrownBy(() -> server.await(SHORT))
                    .hasMessageStartingWith("no one signed in within 0 seconds; run steptrail login again")
                    .hasMessageContaining("--no-browser");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "?",
                "?code=x",
                "?code=x&state=",
                "?code=x&state=S",
                "?code=x&state=other",
                "?code=x&state=s&state=other",
                "?code=x&state=other&state=s",
                "?error=access_denied",
                "?error=access_denied&state=other"
            })
    void responseOfAnotherSignIn_isRejected_andTheBrowsersResponseIsStillAwaited(String query) throws Exception {
        try (CallbackServer server = start()) {
            HttpURLConnection attacker = open(URI.create(server.redirectUri() + query));
            assertThat(attacker.getResponseCode()).isEqualTo(400);
            assertThat(new String(attacker.getErrorStream().readAllBytes(), "UTF-8"))
                    .contains("belongs to another sign-in", "另一次登录");
            assertThatThrownBy(() -> server.await(SHORT)).hasMessageStartingWith("no one signed in");

            assertThat(open(URI.create(server.redirectUri() + "?code=y&state=s"))
                            .getResponseCode())
                    .isEqualTo(200);
            assertThat(server.await(LONG)).endsWith("/callback?code=y&state=s");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Host: localhost:PORT                            | 200
            host: LOCALHOST:PORT                            | 200
            Host: 127.0.0.1:PORT                            | 200
            Host: [::1]:PORT                                | 200
            Host: localhost                                 | 400
            Host: localhost:1                               | 400
            Host: evil.example.com:PORT                     | 400
            Host: localhost.evil.example.com:PORT           | 400
            Host: evil.example.com;Host: localhost:PORT      | 400
            X-Forwarded-Host: localhost:PORT                | 400
            """)
    void requestForAnotherHost_isRejected(String headers, int status) throws Exception {
        try (CallbackServer server = start()) {
            String port = String.valueOf(server.redirectUri().getPort());
            String lines = headers.replace("PORT", port).replace(";", "\r\n") + "\r\n";

            assertThat(status(server, "/callback?code=x&state=s", lines)).isEqualTo(status);

            if (status == 200) {
                assertThat(server.await(LONG)).isEqualTo(server.redirectUri() + "?code=x&state=s");
            } else {
                assertThatThrownBy(() -> server.await(SHORT)).hasMessageStartingWith("no one signed in");
            }
        }
    }

    @Test
    void absoluteRequestTarget_returnsTheRedirectUriOfThisServer() throws Exception {
        try (CallbackServer server = start()) {
            String host = "Host: localhost:" + server.redirectUri().getPort() + "\r\n";

            status(server, "http://evil.example.com/callback?code=x&state=s", host);

            assertThat(server.await(LONG)).isEqualTo(server.redirectUri() + "?code=x&state=s");
        }
    }

    @Test
    void incompleteRequests_doNotBlockTheBrowser_andAreClosedAtTheTimeout() throws Exception {
        List<String> starts = List.of("G", "GET /callback?code=x&state=s HTTP/1.1\r\nHost: localhost");
        try (CallbackServer server =
                CallbackServer.start(STATE, List.of(ReservedPorts.reserve()), Duration.ofSeconds(2))) {
            List<Socket> sockets = new ArrayList<>();
            for (int i = 0; i < 100; i++) { // more than there are threads
                Socket socket = new Socket(
                        InetAddress.getByName("127.0.0.1"), server.redirectUri().getPort());
                sockets.add(socket);
                socket.setSoTimeout(30_000);
                socket.getOutputStream().write(starts.get(i % 2).getBytes(US_ASCII));
            }

            HttpURLConnection browser = open(URI.create(server.redirectUri() + "?code=x&state=s"));
            browser.setReadTimeout(30_000);
            assertThat(browser.getResponseCode()).isEqualTo(200);
            assertThat(server.await(LONG)).endsWith("?code=x&state=s");
            for (Socket socket : sockets) {
                try (socket) {
                    assertThat(socket.getInputStream().read()).isEqualTo(-1);
                }
            }
        }
    }

    @Test
    void portInUse_isSkipped_andAllPortsInUseAreReported() throws Exception {
        List<Integer> ports = List.of(ReservedPorts.reserve(), ReservedPorts.reserve(), ReservedPorts.reserve());
        List<ServerSocket> used = new ArrayList<>();
        try {
            used.add(new ServerSocket(ports.get(0), 1, InetAddress.getByName("127.0.0.1")));
            try (CallbackServer server = CallbackServer.start(STATE, ports, LONG)) {
                assertThat(server.redirectUri()).hasPort(ports.get(1)).hasHost("localhost");
            }
            used.add(new ServerSocket(ports.get(1), 1, InetAddress.getByName("127.0.0.1")));
            used.add(new ServerSocket(ports.get(2), 1, InetAddress.getByName("127.0.0.1")));

            assertThatThrownBy(() -> CallbackServer.start(STATE, ports, LONG))
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
        try (CallbackServer server = start()) {
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
