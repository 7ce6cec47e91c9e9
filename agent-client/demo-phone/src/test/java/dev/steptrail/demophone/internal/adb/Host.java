package dev.steptrail.demophone.internal.adb;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;

/** The host's side of a connection, message by message, with one stream at a time. */
public final class Host implements Closeable {
    static final int MAX_PAYLOAD = 4096;
    private static final int LOCAL_ID = 7;

    private final Socket socket;
    private final DataInputStream input;
    private boolean checksum;

    private Host(Socket socket) throws IOException {
        this.socket = socket;
        this.input = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
        socket.setSoTimeout(10_000);
        socket.setTcpNoDelay(true);
    }

    /** Connects without a handshake. */
    static Host open(int port) throws IOException {
        return new Host(new Socket(InetAddress.getLoopbackAddress(), port));
    }

    /** Connects to a phone that asks for no key. */
    public static Host connect(int port) throws IOException {
        Host host = open(port);
        host.sendConnect();
        AdbMessage answer = host.read();
        if (answer.command() != AdbMessage.CNXN) {
            throw new IOException("the phone does not answer CNXN");
        }
        return host;
    }

    void setTimeout(int milliseconds) throws IOException {
        socket.setSoTimeout(milliseconds);
    }

    void sendConnect() throws IOException {
        send(new AdbMessage(
                AdbMessage.CNXN,
                AdbMessage.VERSION_WITHOUT_CHECKSUM,
                MAX_PAYLOAD,
                "host::features=shell_v2".getBytes(UTF_8)));
    }

    void send(AdbMessage message) throws IOException {
        message.write(socket.getOutputStream());
    }

    void sendBytes(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    AdbMessage read() throws IOException {
        AdbMessage message = AdbMessage.read(input, MAX_PAYLOAD, checksum);
        if (message.command() == AdbMessage.CNXN) {
            checksum = message.first() == AdbMessage.VERSION_WITH_CHECKSUM;
        }
        return message;
    }

    void open(String service) throws IOException {
        send(new AdbMessage(AdbMessage.OPEN, LOCAL_ID, 0, (service + "\0").getBytes(UTF_8)));
    }

    /** Opens a service and returns its whole output. */
    public byte[] call(String service) throws IOException {
        open(service);
        return readStream();
    }

    /**
     * Reads the answer to an OPEN, acknowledges each payload, and returns all of them when the phone closes the stream.
     */
    byte[] readStream() throws IOException {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        while (true) {
            AdbMessage message = read();
            if (message.command() == AdbMessage.CLSE) {
                return output.toByteArray();
            } else if (message.command() == AdbMessage.WRTE) {
                output.writeBytes(message.payload());
                send(new AdbMessage(AdbMessage.OKAY, LOCAL_ID, message.first()));
            }
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
