package dev.steptrail.stepformat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Ports for servers that cannot choose one themselves, for servers that are restarted on the same port, and for
 * addresses at which no server listens.
 *
 * <p>A bound socket that does not listen holds each port until the JVM ends. Connections are refused, and the operating
 * system gives the port neither to outgoing connections nor to servers that ask for any free port. Only a server that
 * names the port and sets {@code SO_REUSEADDR} can listen on it, as servers of Java, Python, Postgres and adb do.
 */
public final class ReservedPorts {
    private static final Queue<Socket> HELD = new ConcurrentLinkedQueue<>();

    private ReservedPorts() {}

    /** Returns a port that no other caller gets. */
    public static int reserve() {
        Socket socket = new Socket();
        HELD.add(socket); // a socket that is garbage would be closed
        try {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(0)); // on all addresses, for both versions of IP
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return socket.getLocalPort();
    }
}
