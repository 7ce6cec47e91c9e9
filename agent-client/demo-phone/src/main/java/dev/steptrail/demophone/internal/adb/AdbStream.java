package dev.steptrail.demophone.internal.adb;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * One stream of a connection. After a WRTE, its sender waits for an OKAY, which the receiver sends when it has consumed
 * the payload. Used by the thread of its service and by the connection's reading thread.
 */
final class AdbStream {
    private final AdbConnection connection;
    private final int localId;
    private final int remoteId;
    private final Deque<byte[]> received = new ArrayDeque<>();
    private final Input input = new Input();
    private final Output output = new Output();
    private boolean writable = true;
    private boolean closed;

    AdbStream(AdbConnection connection, int localId, int remoteId) {
        this.connection = connection;
        this.localId = localId;
        this.remoteId = remoteId;
    }

    /** Returns the bytes from the host. Ends when the host closes the stream. */
    InputStream input() {
        return input;
    }

    /** Sends bytes to the host, each write as at least one message. Throws if the host has closed the stream. */
    OutputStream output() {
        return output;
    }

    void accept() throws IOException {
        connection.send(new AdbMessage(AdbMessage.OKAY, localId, remoteId));
    }

    synchronized void receive(byte[] payload) {
        received.add(payload);
        notifyAll();
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

    private synchronized byte @Nullable [] take() throws InterruptedException {
        while (received.isEmpty() && !closed) {
            wait();
        }
        return received.poll();
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

    private static IOException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new IOException("interrupted", e);
    }

    private final class Input extends InputStream {
        private byte[] payload = new byte[0];
        private int position;

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            while (position == payload.length) {
                byte[] next;
                try {
                    next = take();
                } catch (InterruptedException e) {
                    throw interrupted(e);
                }
                if (next == null) {
                    return -1;
                }
                payload = next;
                position = 0;
                accept();
            }
            int count = Math.min(length, payload.length - position);
            System.arraycopy(payload, position, bytes, offset, count);
            position += count;
            return count;
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
                    throw interrupted(e);
                }
                connection.send(new AdbMessage(AdbMessage.WRTE, localId, remoteId, payload));
                sent += count;
            }
        }
    }
}
