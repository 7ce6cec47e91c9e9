package dev.steptrail.phone.adb;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Reaches a phone through the adb server, with one connection to the server for each service. */
final class ServerTransport implements AdbTransport {
    private static final Pattern NETWORK_ADDRESS = Pattern.compile(".+:\\d+");

    private final AdbServer server;
    private final String serial;

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
            return socket;
        } catch (IOException e) {
            throw new NotSentException(String.valueOf(e.getMessage()), e);
        } finally {
            if (socket != null && !connected) {
                socket.close();
            }
        }
    }

    /** Connects a phone that is reached over the network again: the server tries it itself only every 10 s. */
    @Override
    public void reconnect(Deadline deadline) throws InterruptedException {
        if (NETWORK_ADDRESS.matcher(serial).matches()) {
            try {
                server.ask("host:disconnect:" + serial, deadline);
            } catch (IOException e) {
                // not connected, which is what it was asked for
            }
            try {
                server.ask("host:connect:" + serial, deadline);
            } catch (IOException e) {
                // the next request reports it
            }
        }
    }

    /** Does nothing: the server keeps the connection to the phone. */
    @Override
    public void close() {}
}
