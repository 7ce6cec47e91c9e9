package dev.steptrail.demophone.internal.adb;

import dev.steptrail.demophone.adb.Authorization;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A phone's adbd on a TCP port of 127.0.0.1. Serves any number of connections with any number of streams, each on a
 * separate thread. Thread-safe.
 */
public final class AdbDaemon implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(AdbDaemon.class);
    private static final AtomicInteger THREADS = new AtomicInteger();

    private final Settings settings;
    private final Phone phone;
    private final ServerSocket listener;
    private final Set<AdbConnection> connections = ConcurrentHashMap.newKeySet();
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "demo-phone-" + THREADS.incrementAndGet());
        thread.setDaemon(true);
        return thread;
    });
    private final AtomicBoolean keyAccepted = new AtomicBoolean();
    private volatile Authorization authorization = Authorization.OFF;

    /**
     * The daemon's settings.
     *
     * @param port on which it listens; 0 for a free one
     * @param banner properties that it sends on connection, such as {@code ro.product.model=Pixel 8;…}
     * @param maxPayload of a message, in bytes; the smaller of this and the host's is used
     * @param checksums whether it speaks the older protocol version, in which messages have checksums
     */
    public record Settings(int port, String banner, int maxPayload, boolean checksums) {}

    /** Starts to listen. */
    public AdbDaemon(Settings settings, Phone phone) throws IOException {
        this.settings = settings;
        this.phone = phone;
        this.listener = new ServerSocket(settings.port(), 50, InetAddress.getLoopbackAddress());
        threads.execute(this::listen);
    }

    public int port() {
        return listener.getLocalPort();
    }

    /** Changes what happens to hosts that connect from now on. */
    public void setAuthorization(Authorization authorization) {
        this.authorization = authorization;
    }

    /** Closes all connections, as if the cable was pulled. New connections are accepted. Returns how many were open. */
    public int disconnect() {
        int open = 0;
        for (AdbConnection connection : connections) {
            if (connection.isOpen()) {
                connection.close();
                open++;
            }
        }
        return open;
    }

    /** Stops listening and closes all connections. */
    @Override
    public void close() {
        closeQuietly(listener);
        disconnect();
        threads.shutdownNow();
    }

    private void listen() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                try {
                    socket.setTcpNoDelay(true);
                    execute(() -> serve(socket));
                } catch (IOException e) {
                    closeQuietly(socket);
                    throw e;
                }
            } catch (IOException e) {
                if (!listener.isClosed()) {
                    LOG.warn("The demo phone failed to accept a connection", e);
                }
            }
        }
    }

    private void serve(Socket socket) {
        try (socket;
                AdbConnection connection = new AdbConnection(this, socket)) {
            connections.add(connection);
            if (listener.isClosed()) {
                return;
            }
            try {
                connection.run();
            } finally {
                connections.remove(connection);
            }
        } catch (IOException e) {
            LOG.debug("A connection to the demo phone ended", e);
        }
    }

    Settings settings() {
        return settings;
    }

    Authorization authorization() {
        return authorization;
    }

    /** Returns whether a host's public key was accepted, so that signatures are accepted from then on. */
    boolean keyAccepted() {
        return keyAccepted.get();
    }

    void acceptKey() {
        keyAccepted.set(true);
    }

    byte[] banner() {
        return ("device::" + settings.banner()).getBytes(StandardCharsets.UTF_8);
    }

    /** Runs the service {@code name} on a separate thread, and closes its stream at the end. */
    void startService(String name, AdbStream stream, AdbConnection connection) throws IOException {
        execute(() -> {
            try {
                AdbServices.run(name, stream, connection, phone);
            } catch (IOException e) {
                LOG.debug("The service {} of the demo phone was interrupted", name, e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private void execute(Runnable task) throws IOException {
        try {
            threads.execute(task);
        } catch (RejectedExecutionException e) {
            throw new IOException("the demo phone was closed", e);
        }
    }

    static void closeQuietly(Closeable closeable) {
        try {
            closeable.close();
        } catch (IOException e) {
            LOG.debug("Closing failed", e);
        }
    }
}
