package dev.steptrail.shipper;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A way to a server that can be cut, in the middle of whatever is said, and opened again at the same port. */
final class Gate implements AutoCloseable {
    private final URI server;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final int port;
    private volatile ServerSocket entrance;

    Gate(URI server) throws IOException {
        this.server = server;
        this.entrance = listen(0);
        this.port = entrance.getLocalPort();
    }

    String url() {
        return "http://127.0.0.1:" + port;
    }

    /** Cuts all that goes through, and lets nobody in. */
    void shut() throws IOException {
        entrance.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    void open() throws IOException {
        entrance = listen(port);
    }

    private ServerSocket listen(int atPort) throws IOException {
        ServerSocket listening = new ServerSocket();
        listening.setReuseAddress(true);
        listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), atPort));
        start(() -> {
            while (!listening.isClosed()) {
                letIn(listening.accept());
            }
        });
        return listening;
    }

    private void letIn(Socket client) throws IOException {
        Socket inside = new Socket(server.getHost(), server.getPort());
        sockets.add(client);
        sockets.add(inside);
        start(() -> pipe(client, inside));
        start(() -> pipe(inside, client));
    }

    private void pipe(Socket from, Socket to) throws IOException {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            in.transferTo(out);
        } finally {
            sockets.remove(from);
            sockets.remove(to);
        }
    }

    private interface Work {
        void run() throws IOException;
    }

    private static void start(Work work) {
        Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (IOException cut) {
                return;
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        shut();
    }
}
