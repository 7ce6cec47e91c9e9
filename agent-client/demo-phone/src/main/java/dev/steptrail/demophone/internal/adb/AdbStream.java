package dev.steptrail.demophone.internal.adb;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.Arrays;

/**
 * One stream of a connection. After a WRTE, its sender waits for an OKAY, which the receiver sends when it has the
 * payload. Used by the thread of its service and by the connection's reading thread.
 */
final class AdbStream {
    private final AdbConnection connection;
    private final int localId;
    private final int remoteId;
    private final ByteArrayOutputStream received = new ByteArrayOutputStream();
    private boolean writable = true;
    private boolean closed;

    AdbStream(AdbConnection connection, int localId, int remoteId) {
        this.connection = connection;
        this.localId = localId;
        this.remoteId = remoteId;
    }

    /** Blocks until the host has sent {@code count} bytes, and returns them; fewer if it has closed the stream. */
    synchronized byte[] read(int count) throws InterruptedException {
        while (received.size() < count && !closed) {
            wait();
        }
        byte[] all = received.toByteArray();
        int end = Math.min(count, all.length);
        received.reset();
        received.write(all, end, all.length - end);
        return Arrays.copyOf(all, end);
    }

    void write(byte[] bytes) throws IOException, InterruptedException {
        write(bytes, 0, bytes.length);
    }

    /** Sends bytes to the host, in as many messages as they need. Throws if the host has closed the stream. */
    void write(byte[] bytes, int offset, int length) throws IOException, InterruptedException {
        int end = offset + length;
        int most = connection.maxPayload();
        for (int start = offset; start < end; start += most) {
            awaitWritable();
            byte[] payload = Arrays.copyOfRange(bytes, start, Math.min(end, start + most));
            connection.send(new AdbMessage(AdbMessage.WRTE, localId, remoteId, payload));
        }
    }

    void accept() throws IOException {
        connection.send(new AdbMessage(AdbMessage.OKAY, localId, remoteId));
    }

    void receive(byte[] payload) throws IOException {
        synchronized (this) {
            received.writeBytes(payload);
            notifyAll();
        }
        accept();
    }

    synchronized void acknowledge() {
        writable = true;
        notifyAll();
    }

    /** Called when the host has closed the stream or the connection is lost. Wakes the service's thread. */
    synchronized void closeByHost() {
        closed = true;
        notifyAll();
    }

    /** Blocks until the host closes the stream. */
    synchronized void awaitClose() throws InterruptedException {
        while (!closed) {
            wait();
        }
    }

    /** Closes the stream unless the host has closed it, and reports it to the host. */
    void close() throws IOException {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        connection.remove(localId);
        connection.send(new AdbMessage(AdbMessage.CLSE, localId, remoteId));
    }

    private synchronized void awaitWritable() throws EOFException, InterruptedException {
        while (!writable && !closed) {
            wait();
        }
        if (closed) {
            throw new EOFException("the host closed the stream");
        }
        writable = false;
    }
}
