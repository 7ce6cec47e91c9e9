package dev.steptrail.phone.adb;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A TCP connection whose operations end at a deadline, and react to interruption. A socket's own timeout limits one
 * read, so that a peer that sends one byte at a time would never reach it. Not thread-safe.
 */
final class DeadlineSocket implements Closeable {
    private static final int BUFFER_SIZE = 1 << 16;

    private final SocketChannel channel;
    private final Selector selector;
    private final SelectionKey key;

    /** What was received and not yet read. */
    private final ByteBuffer input = ByteBuffer.allocate(BUFFER_SIZE).limit(0);

    private DeadlineSocket(SocketChannel channel, Selector selector) throws IOException {
        this.channel = channel;
        this.selector = selector;
        this.key = channel.register(selector, 0);
    }

    static DeadlineSocket connect(String host, int port, Deadline deadline) throws IOException, InterruptedException {
        SocketAddress address = new InetSocketAddress(host, port);
        if (((InetSocketAddress) address).isUnresolved()) {
            throw new IOException("unknown host " + host);
        }
        SocketChannel channel = SocketChannel.open();
        boolean connected = false;
        try {
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            Selector selector = Selector.open();
            try {
                DeadlineSocket socket = new DeadlineSocket(channel, selector);
                channel.connect(address);
                while (!channel.finishConnect()) {
                    socket.await(SelectionKey.OP_CONNECT, deadline);
                }
                connected = true;
                return socket;
            } finally {
                if (!connected) {
                    selector.close();
                }
            }
        } finally {
            if (!connected) {
                channel.close();
            }
        }
    }

    void write(ByteBuffer data, Deadline deadline) throws IOException, InterruptedException {
        while (data.hasRemaining()) {
            if (channel.write(data) == 0) {
                await(SelectionKey.OP_WRITE, deadline);
            }
        }
    }

    /**
     * Returns what was received, at least one byte, or null at the end of the connection. The caller may consume a part
     * of it. The buffer is valid until the next call.
     */
    @Nullable
    ByteBuffer read(Deadline deadline) throws IOException, InterruptedException {
        while (!input.hasRemaining()) {
            int count = receive();
            if (count < 0) {
                return null;
            }
            if (count == 0) {
                await(SelectionKey.OP_READ, deadline);
            } else {
                check(deadline); // a peer that sends without end must not be read without end
            }
        }
        return input;
    }

    /** @throws EOFException if the connection ends before */
    void readFully(byte[] target, Deadline deadline) throws IOException, InterruptedException {
        int done = 0;
        while (done < target.length) {
            ByteBuffer data = read(deadline);
            if (data == null) {
                throw new EOFException("connection closed");
            }
            int count = Math.min(target.length - done, data.remaining());
            data.get(target, done, count);
            done += count;
        }
    }

    /** Returns whether the peer is known to have closed the connection, also after further data. Does not wait. */
    boolean isClosedByPeer() {
        try {
            int count = receive();
            while (count > 0) {
                count = receive();
            }
            return count < 0;
        } catch (IOException e) {
            return true;
        }
    }

    /** Receives what fits into the buffer, without waiting; returns -1 at the end of the connection. */
    private int receive() throws IOException {
        input.compact();
        try {
            return input.hasRemaining() ? channel.read(input) : 0;
        } finally {
            input.flip();
        }
    }

    private void await(int operation, Deadline deadline) throws IOException, InterruptedException {
        key.interestOps(operation);
        selector.selectedKeys().clear();
        long millis = TimeUnit.NANOSECONDS.toMillis(deadline.remaining().toNanos()) + 1; // select(0) waits forever
        int ready = deadline.hasPassed() ? 0 : selector.select(millis);
        if (ready == 0 || Thread.currentThread().isInterrupted()) {
            check(deadline);
        }
    }

    private static void check(Deadline deadline) throws IOException, InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        if (deadline.hasPassed()) {
            throw new DeadlineException(deadline);
        }
    }

    @Override
    public void close() {
        try (selector;
                channel) {
            // closes both
        } catch (IOException e) {
            // nothing was buffered for sending, so nothing is lost
        }
    }
}
