package dev.steptrail.phone.adb;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reaches a phone through the adb server, with one connection to the server for each service. */
final class ServerTransport implements AdbTransport {
    private static final Pattern NETWORK_ADDRESS = Pattern.compile(".+:\\d+");

    private static final Duration RECONNECT_INTERVAL = Duration.ofSeconds(4);

    private final AdbServer server;
    private final String serial;

    /** When to connect the phone again if it is still disconnected; null while it is connected. */
    private @Nullable Deadline nextReconnect;

    ServerTransport(AdbServer server, String serial) {
        this.server = server;
        this.serial = serial;
    }

    @Override
    public Set<String> features(Deadline deadline) throws IOException, InterruptedException {
        String list = server.ask("host-serial:" + serial + ":features", deadline);
        return Set.copyOf(List.of(list.strip().split(",")));
    }

    @Override
    public void run(String service, AdbOutput output, Deadline deadline) throws IOException, InterruptedException {
        try (DeadlineSocket socket = connectToPhone(deadline)) {
            server.request(socket, service, deadline);
            ByteBuffer data = socket.read(deadline);
            while (data != null && !output.accept(data)) {
                data = socket.read(deadline);
            }
        }
    }

    private DeadlineSocket connectToPhone(Deadline deadline) throws IOException, InterruptedException {
        DeadlineSocket socket = null;
        boolean connected = false;
        try {
            socket = server.connect(deadline);
            server.request(socket, "host:transport:" + serial, deadline);
            connected = true;
            nextReconnect = null;
            return socket;
        } catch (IOException e) {
            throw new NotSentException(String.valueOf(e.getMessage()), e);
        } finally {
            if (socket != null && !connected) {
                socket.close();
            }
        }
    }

    /**
     * Connects a phone in the network again, because the server itself waits for 10 s. Repeats it only after a while,
     * so that a connection in progress is not interrupted.
     */
    @Override
    public void reconnect(NotSentException cause, Deadline deadline) throws InterruptedException {
        String message = String.valueOf(cause.getMessage());
        boolean disconnected = message.contains("offline") || message.contains("not found");
        if (!disconnected
                || !NETWORK_ADDRESS.matcher(serial).matches()
                || !(nextReconnect == null || nextReconnect.hasPassed())) {
            return;
        }
        try {
            server.ask("host:disconnect:" + serial, deadline);
        } catch (IOException e) {
            // the server does not know the phone any more
        }
        try {
            String answer = server.ask("host:connect:" + serial, deadline);
            boolean connecting = answer.startsWith("connected"); // otherwise the old connection is still being closed
            nextReconnect = connecting ? Deadline.after(RECONNECT_INTERVAL) : null;
        } catch (IOException e) {
            // the next request reports it
        }
    }

    /** Does nothing: the server keeps the connection to the phone. */
    @Override
    public void close() {}
}
