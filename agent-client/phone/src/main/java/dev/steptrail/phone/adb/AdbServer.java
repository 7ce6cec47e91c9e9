package dev.steptrail.phone.adb;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Client of the adb server, which holds the connections to the phones. The server is started if it runs on this machine
 * and is not there. Thread-safe.
 *
 * <p>Source: AOSP, {@code packages/modules/adb/OVERVIEW.TXT} and {@code SERVICES.TXT}. A request is its length in four
 * hexadecimal digits and its text; the answer is {@code OKAY}, or {@code FAIL} with a message.
 */
final class AdbServer {
    /** The request for the phones that the server knows. */
    static final String LIST = "host:devices-l";

    private static final int MAX_REQUEST = 0xffff;

    private final AdbSettings settings;

    AdbServer(AdbSettings settings) {
        this.settings = settings;
    }

    /** Opens a connection, on which the server answers requests. */
    DeadlineSocket connect(Deadline deadline) throws IOException, InterruptedException {
        try {
            return DeadlineSocket.connect(settings.serverHost(), settings.serverPort(), deadline);
        } catch (ConnectException e) {
            if (!InetAddress.getByName(settings.serverHost()).isLoopbackAddress()) {
                throw new IOException(
                        "no adb server answers at " + address() + "; start it there with: adb -a start-server", e);
            }
            start(deadline);
            return DeadlineSocket.connect(settings.serverHost(), settings.serverPort(), deadline);
        }
    }

    /**
     * Sends a request and waits for {@code OKAY}.
     *
     * @throws IOException if the server cannot be reached or refuses the request
     */
    void request(DeadlineSocket socket, String request, Deadline deadline) throws IOException, InterruptedException {
        byte[] text = request.getBytes(StandardCharsets.UTF_8);
        if (text.length > MAX_REQUEST) {
            throw new IOException("the request has " + text.length + " bytes; adb accepts " + MAX_REQUEST);
        }
        ByteBuffer message = ByteBuffer.allocate(4 + text.length);
        message.put(String.format(Locale.ROOT, "%04x", text.length).getBytes(StandardCharsets.US_ASCII));
        socket.write(message.put(text).flip(), deadline);
        switch (readStatus(socket, request, deadline)) {
            case "OKAY" -> {}
            case "FAIL" -> throw new IOException(readText(socket, deadline));
            default -> throw foreignServer(null);
        }
    }

    private String readStatus(DeadlineSocket socket, String request, Deadline deadline)
            throws IOException, InterruptedException {
        byte[] status = new byte[4];
        try {
            socket.readFully(status, deadline);
        } catch (DeadlineException | EOFException e) {
            // The server answers a request to itself at once, without the phone.
            throw request.equals(LIST) ? foreignServer(e) : e;
        }
        return new String(status, StandardCharsets.ISO_8859_1);
    }

    private IOException foreignServer(@Nullable IOException cause) {
        return new IOException(
                address() + " does not answer like an adb server: another program uses the port, or set"
                        + " ANDROID_ADB_SERVER_ADDRESS and ANDROID_ADB_SERVER_PORT",
                cause);
    }

    /** Sends a request whose answer is a text. */
    String ask(String request, Deadline deadline) throws IOException, InterruptedException {
        try (DeadlineSocket socket = connect(deadline)) {
            request(socket, request, deadline);
            return readText(socket, deadline);
        }
    }

    private static String readText(DeadlineSocket socket, Deadline deadline) throws IOException, InterruptedException {
        byte[] length = new byte[4];
        socket.readFully(length, deadline);
        byte[] text;
        try {
            text = new byte[Integer.parseUnsignedInt(new String(length, StandardCharsets.US_ASCII), 16)];
        } catch (NumberFormatException e) {
            throw new IOException("invalid answer of the adb server", e);
        }
        socket.readFully(text, deadline);
        return new String(text, StandardCharsets.UTF_8);
    }

    /** Starts the server. Does nothing if another process has started it. */
    private void start(Deadline deadline) throws IOException, InterruptedException {
        // A file and not a pipe, because the server inherits the output and would keep a pipe open.
        Path log = Files.createTempFile("steptrail-adb-", ".log");
        try {
            Process process;
            try {
                ProcessBuilder builder = new ProcessBuilder(
                                settings.adbBinary(), "-P", Integer.toString(settings.serverPort()), "start-server")
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile());
                builder.environment().keySet().removeIf(name -> name.startsWith("STEPTRAIL_")); // keys and tokens
                process = builder.start();
            } catch (IOException e) {
                throw new IOException(
                        "no adb server runs at " + address() + ", and '" + settings.adbBinary()
                                + "' was not found. Install Android SDK Platform-Tools"
                                + " (https://developer.android.com/tools/releases/platform-tools); Debian's 'apt install"
                                + " adb' works for USB, but its version 29 has no 'adb pair' for wireless debugging",
                        e);
            }
            boolean ended = false;
            try {
                ended = process.waitFor(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS);
            } finally {
                if (!ended) {
                    process.destroyForcibly();
                }
            }
            if (!ended) {
                throw new DeadlineException(deadline);
            }
            if (process.exitValue() != 0) {
                throw new IOException("the adb server does not start at " + address() + ": "
                        + Files.readString(log, StandardCharsets.ISO_8859_1).strip());
            }
        } finally {
            Files.deleteIfExists(log);
        }
    }

    private String address() {
        return settings.serverHost() + ":" + settings.serverPort();
    }
}
