package dev.steptrail.demophone.internal.adb;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Enumeration;

/**
 * One stream of a connection. After a WRTE, its sender waits for an OKAY, which the receiver sends when it has the payload. Used by the thread of its service and by the connection's reading thread.
 */
final class AdbStream {
    private final AdbConnection connection;
    private final int localId;
    private final int remoteId;
    private final Deque<InputStream> received = new ArrayDeque<>();
    private final Output output = new Output();
    private boolean writable = true;
    private boolean closed;

    AdbStream(AdbConnection connection, int localId, int remoteId) {
        this.connection = connection;
        this.localId = localId;
        this.remoteId = remoteId;
    }

    /** Blocks until the host sends bytes, and returns them. They end when the host closes the stream. */
    InputStream input() {
        return new SequenceInputStream(new Received());
    }

    /** Sends bytes to the host, each write as at least one message. Throws if the host has closed the stream. */
    OutputStream output() {
        return output;
    }

    void accept() throws IOException {
        connection.send(new AdbMessage(AdbMessage.OKAY, localId, remoteId));
    }

    void receive(byte[] payload) throws IOException {
        synchronized (this) {
            received.add(new ByteArrayInputStream(payload));
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

    private final class Received implements Enumeration<InputStream> {
        @Override
        public boolean hasMoreElements() {
            synchronized (AdbStream.this) {
                try {
                    while (received.isEmpty() && !closed) {
                        AdbStream.this.wait();
                    }
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                return !received.isEmpty();
            }
        }

        @Override
        public InputStream nextElement() {
            synchronized (AdbStream.this) {
                return received.remove();
            }
        }
    }

    private final class Output extends OutputStream {
        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            int sent = 0;
            while (sent < length) {
                int count = Math.min(connection.maxPayload(), length - sent);
                byte[] payload = new byte[count];
                System.arraycopy(bytes, offset + sent, payload, 0, count);
                try {
                    awaitWritable();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new IOException("interrupted", e);
                }
                connection.send(new AdbMessage(AdbMessage.WRTE, localId, remoteId, payload));
                sent += count;
            }
        }
    }
}
