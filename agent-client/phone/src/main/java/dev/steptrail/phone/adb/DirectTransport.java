package dev.steptrail.phone.adb;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reaches a phone over TCP without an adb server, with one connection that is kept. It does not authenticate: real
 * phones require that, and are reached through the adb server.
 *
 * <p>Source: AOSP, {@code packages/modules/adb/protocol.txt}.
 */
final class DirectTransport implements AdbTransport {
    private static final int CNXN = 0x4e584e43;
    private static final int AUTH = 0x48545541;
    private static final int OPEN = 0x4e45504f;
    private static final int OKAY = 0x59414b4f;
    private static final int CLSE = 0x45534c43;
    private static final int WRTE = 0x45545257;

    /** The first version, in which both sides send checksums. */
    private static final int VERSION = 0x01000000;

    private static final int MAX_PAYLOAD = 1 << 20;
    private static final byte[] BANNER = "host::features=shell_v2,cmd\0".getBytes(StandardCharsets.US_ASCII);

    private final String host;
    private final int port;
    private @Nullable DeadlineSocket socket;
    private Set<String> features = Set.of();
    private int lastId;

    DirectTransport(String host, int port) {
        this.host = host;
        this.port = port;
    }

    @Override
    public Set<String> features(Deadline deadline) throws IOException, InterruptedException {
        connected(deadline);
        return features;
    }

    @Override
    public void run(String service, AdbOutput output, Deadline deadline) throws IOException, InterruptedException {
        DeadlineSocket connection = connected(deadline);
        boolean ended = false;
        try {
            int id = ++lastId;
            send(connection, OPEN, id, 0, (service + "\0").getBytes(StandardCharsets.UTF_8), deadline);
            int remoteId = 0;
            while (true) {
                Header message = readHeader(connection, deadline);
                if (message.arg1() != id) {
                    skip(connection, message.length(), deadline); // the rest of an earlier service
                } else if (message.command() == OKAY) {
                    remoteId = message.arg0();
                    skip(connection, message.length(), deadline);
                } else if (message.command() == CLSE) {
                    skip(connection, message.length(), deadline);
                    send(connection, CLSE, id, message.arg0(), new byte[0], deadline);
                    ended = true;
                    if (remoteId == 0) {
                        throw new IOException("the phone refused to run it");
                    }
                    return;
                } else if (message.command() == WRTE) {
                    if (pass(connection, message.length(), output, deadline)) {
                        send(connection, CLSE, id, remoteId, new byte[0], deadline);
                        ended = true;
                        return;
                    }
                    send(connection, OKAY, id, remoteId, new byte[0], deadline);
                } else {
                    throw new IOException(
                            "unexpected message of the phone: 0x" + Integer.toHexString(message.command()));
                }
            }
        } finally {
            if (!ended) {
                close();
            }
        }
    }

    /** Returns the connection; opens it if there is none or the phone has closed it. */
    private DeadlineSocket connected(Deadline deadline) throws IOException, InterruptedException {
        DeadlineSocket current = socket;
        if (current != null && !current.isClosedByPeer()) {
            return current;
        }
        close();
        DeadlineSocket opened = null;
        boolean ready = false;
        try {
            opened = DeadlineSocket.connect(host, port, deadline);
            send(opened, CNXN, VERSION, MAX_PAYLOAD, BANNER, deadline);
            Header answer = readHeader(opened, deadline);
            if (answer.command() != CNXN) {
                throw new IOException(
                        answer.command() == AUTH
                                ? "the phone requires authentication; run 'adb connect " + host + ":" + port
                                        + "' and use the adb server"
                                : host + ":" + port + " is not a phone in debugging mode");
            }
            byte[] banner = new byte[answer.length()];
            opened.readFully(banner, deadline);
            features = featuresOf(new String(banner, StandardCharsets.UTF_8));
            ready = true;
            socket = opened;
            return opened;
        } catch (IOException e) {
            throw new NotSentException(String.valueOf(e.getMessage()), e);
        } finally {
            if (opened != null && !ready) {
                opened.close();
            }
        }
    }

    /** Reads the features of a banner such as {@code device::ro.product.model=Pixel 8;features=shell_v2,cmd}. */
    private static Set<String> featuresOf(String banner) {
        int start = banner.indexOf("features=");
        if (start < 0) {
            return Set.of();
        }
        String list = banner.substring(start + "features=".length());
        return Set.copyOf(List.of(list.split("[;\0]", 2)[0].split(",")));
    }

    private static void send(DeadlineSocket socket, int command, int arg0, int arg1, byte[] payload, Deadline deadline)
            throws IOException, InterruptedException {
        int checksum = 0;
        for (byte value : payload) {
            checksum += value & 0xff;
        }
        ByteBuffer message = ByteBuffer.allocate(Header.BYTES + payload.length).order(ByteOrder.LITTLE_ENDIAN);
        message.putInt(command)
                .putInt(arg0)
                .putInt(arg1)
                .putInt(payload.length)
                .putInt(checksum)
                .putInt(~command);
        socket.write(message.put(payload).flip(), deadline);
    }

    private static Header readHeader(DeadlineSocket socket, Deadline deadline)
            throws IOException, InterruptedException {
        byte[] bytes = new byte[Header.BYTES];
        socket.readFully(bytes, deadline);
        ByteBuffer header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        Header message = new Header(header.getInt(0), header.getInt(4), header.getInt(8), header.getInt(12));
        if (header.getInt(20) != ~message.command() || message.length() < 0 || message.length() > MAX_PAYLOAD) {
            throw new IOException("invalid message of the phone");
        }
        return message;
    }

    /** Passes a payload to {@code output}; returns whether the output is complete. */
    private static boolean pass(DeadlineSocket socket, int length, AdbOutput output, Deadline deadline)
            throws IOException, InterruptedException {
        boolean complete = false;
        int unread = length;
        while (unread > 0) {
            ByteBuffer data = socket.read(deadline);
            if (data == null) {
                throw new IOException("connection closed");
            }
            int count = Math.min(unread, data.remaining());
            complete |= output.accept(data.slice(data.position(), count));
            data.position(data.position() + count);
            unread -= count;
        }
        return complete;
    }

    private static void skip(DeadlineSocket socket, int length, Deadline deadline)
            throws IOException, InterruptedException {
        socket.readFully(new byte[length], deadline);
    }

    /** Does nothing: the next request connects. */
    @Override
    public void reconnect(NotSentException cause, Deadline deadline) {}

    @Override
    public void close() {
        if (socket != null) {
            socket.close();
            socket = null;
        }
    }

    /** The fields of a message that are used; the checksum is not. */
    private record Header(int command, int arg0, int arg1, int length) {
        static final int BYTES = 24;
    }
}
