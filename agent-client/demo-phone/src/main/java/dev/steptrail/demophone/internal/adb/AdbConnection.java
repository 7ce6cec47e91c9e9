package dev.steptrail.demophone.internal.adb;

import dev.steptrail.demophone.adb.Authorization;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.ProtocolException;
import java.net.Socket;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** One connection of a host: the handshake, then messages of its streams. */
final class AdbConnection implements Closeable {
    /** The first message of a host is not longer than this, before the limit is negotiated. */
    private static final int MAX_FIRST_PAYLOAD = 4096;

    private static final int AUTH_TOKEN = 1;
    private static final int AUTH_SIGNATURE = 2;
    private static final int AUTH_PUBLIC_KEY = 3;

    private final AdbDaemon daemon;
    private final Socket socket;
    private final DataInputStream input;
    private final OutputStream output;
    private final Map<Integer, AdbStream> streams = new ConcurrentHashMap<>();
    private int nextId = 1;
    private volatile int maxPayload = MAX_FIRST_PAYLOAD;
    private boolean checksum = true;
    private volatile boolean closed;

    AdbConnection(AdbDaemon daemon, Socket socket) throws IOException {
        this.daemon = daemon;
        this.socket = socket;
        this.input = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
        this.output = socket.getOutputStream();
    }

    /** Serves the host until it disconnects. */
    void run() throws IOException {
        try {
            connect();
            while (true) {
                handle(AdbMessage.read(input, maxPayload, checksum));
            }
        } catch (EOFException e) {
            // The host has closed the connection between two messages, or within one.
        } finally {
            streams.values().forEach(AdbStream::closeByHost);
        }
    }

    private void connect() throws IOException {
        AdbMessage host = AdbMessage.read(input, MAX_FIRST_PAYLOAD, true);
        if (host.command() != AdbMessage.CNXN) {
            throw new ProtocolException("first message is not CNXN");
        }
        authorize();
        int version =
                daemon.settings().checksums() ? AdbMessage.VERSION_WITH_CHECKSUM : AdbMessage.VERSION_WITHOUT_CHECKSUM;
        checksum = Math.min(version, host.first()) < AdbMessage.VERSION_WITHOUT_CHECKSUM;
        maxPayload = Math.min(daemon.settings().maxPayload(), host.second());
        send(new AdbMessage(AdbMessage.CNXN, version, daemon.settings().maxPayload(), daemon.banner()));
    }

    /** Returns when the host is allowed. */
    private void authorize() throws IOException {
        Authorization authorization = daemon.authorization();
        switch (authorization) {
            case OFF -> {}
            case OFFLINE -> skipAll();
            case ACCEPT, REFUSE -> {
                send(token());
                while (true) {
                    AdbMessage message = AdbMessage.read(input, MAX_FIRST_PAYLOAD, false);
                    if (message.command() != AdbMessage.AUTH) {
                        continue;
                    }
                    if (message.first() == AUTH_SIGNATURE) {
                        if (authorization == Authorization.ACCEPT && daemon.keyAccepted()) {
                            return;
                        }
                        send(token());
                    } else if (message.first() == AUTH_PUBLIC_KEY && authorization == Authorization.ACCEPT) {
                        daemon.acceptKey();
                        return;
                    }
                }
            }
        }
    }

    private static AdbMessage token() {
        return new AdbMessage(AdbMessage.AUTH, AUTH_TOKEN, 0, new byte[20]);
    }

    private void skipAll() throws IOException {
        input.skipNBytes(Long.MAX_VALUE);
    }

    private void handle(AdbMessage message) throws IOException {
        switch (message.command()) {
            case AdbMessage.OPEN -> open(message);
            case AdbMessage.OKAY -> {
                AdbStream stream = streams.get(message.second());
                if (stream != null) {
                    stream.acknowledge();
                }
            }
            case AdbMessage.WRTE -> {
                AdbStream stream = streams.get(message.second());
                if (stream != null) {
                    stream.receive(message.payload());
                } else {
                    send(new AdbMessage(AdbMessage.CLSE, 0, message.first()));
                }
            }
            case AdbMessage.CLSE -> {
                int localId = message.second();
                AdbStream stream = streams.remove(localId);
                if (stream != null) {
                    stream.closeByHost();
                    send(new AdbMessage(AdbMessage.CLSE, localId, message.first()));
                }
            }
            default -> throw new ProtocolException("unexpected message: %08x".formatted(message.command()));
        }
    }

    private void open(AdbMessage message) throws IOException {
        String service = message.text();
        if (!AdbServices.isKnown(service)) {
            send(new AdbMessage(AdbMessage.CLSE, 0, message.first()));
            return;
        }
        AdbStream stream = new AdbStream(this, nextId, message.first());
        streams.put(nextId, stream);
        nextId++;
        stream.accept();
        daemon.startService(service, stream, this);
    }

    void remove(int localId) {
        streams.remove(localId);
    }

    int maxPayload() {
        return maxPayload;
    }

    void send(AdbMessage message) throws IOException {
        synchronized (output) {
            message.write(output);
        }
    }

    boolean isOpen() {
        return !closed;
    }

    /**
     * Closes the socket: the host sees that the phone is gone. Closing alone has no effect on the host until the thread
     * that reads from the socket returns from its system call.
     */
    @Override
    public void close() {
        closed = true; // first: the host may act on the end of the stream at once
        AdbDaemon.closeQuietly(socket::shutdownOutput);
        AdbDaemon.closeQuietly(socket);
    }
}
