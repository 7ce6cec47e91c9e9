package dev.steptrail.stepformat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import org.junit.jupiter.api.Test;

class ReservedPortsTest {
    private static final InetAddress LOCALHOST = InetAddress.getLoopbackAddress();

    @Test
    void reservedPort_refusesConnections_exceptWhileAServerListens() throws Exception {
        int port = ReservedPorts.reserve();

        for (int starts = 0; starts < 3; starts++) {
            assertThatThrownBy(() -> new Socket(LOCALHOST, port)).isInstanceOf(ConnectException.class);
            try (ServerSocket server = new ServerSocket(port, 1, LOCALHOST);
                    Socket client = new Socket(LOCALHOST, port)) {
                assertThat(server.accept().getPort()).isEqualTo(client.getLocalPort());
            }
        }
    }

    /** An outgoing connection without {@code SO_REUSEADDR}, as the operating system makes it. */
    @Test
    void reservedPort_isNotGivenToASocketWithoutReuse() throws Exception {
        int port = ReservedPorts.reserve();

        try (Socket outgoing = new Socket()) {
            outgoing.setReuseAddress(false);
            assertThatThrownBy(() -> outgoing.bind(new InetSocketAddress(LOCALHOST, port)))
                    .isInstanceOf(BindException.class);
        }
    }
}
