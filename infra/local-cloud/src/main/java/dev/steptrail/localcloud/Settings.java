package dev.steptrail.localcloud;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Properties;

/** Ports and secrets that a data folder keeps, so that URLs and tokens stay good across restarts. */
final class Settings {
    private static final String FILE = "settings.properties";
    private static final SecureRandom RANDOM = new SecureRandom();
    // Below the ports that systems give to outgoing connections.
    private static final int LOWEST_PORT = 20_000;
    private static final int HIGHEST_PORT = 32_000;

    private final DataFolder folder;
    private final Properties properties = new Properties();

    Settings(DataFolder folder) throws IOException {
        this.folder = folder;
        if (folder.holds(FILE)) {
            properties.load(new StringReader(folder.read(FILE)));
        }
    }

    /** The port kept under the name; the first time, a free one. */
    int port(String name) {
        String kept = properties.getProperty(name);
        return kept == null ? newPort(name) : Integer.parseInt(kept);
    }

    /** A free port, kept from now on. */
    int newPort(String name) {
        int port;
        do {
            port = RANDOM.nextInt(LOWEST_PORT, HIGHEST_PORT);
        } while (!isFree(port) || properties.containsValue(Integer.toString(port)));
        return keepPort(name, port);
    }

    int keepPort(String name, int port) {
        properties.setProperty(name, Integer.toString(port));
        return port;
    }

    /** The secret kept under the name; the first time, a random one. */
    String secret(String name) {
        return (String) properties.computeIfAbsent(name, key -> {
            byte[] bytes = new byte[20];
            RANDOM.nextBytes(bytes);
            return HexFormat.of().formatHex(bytes);
        });
    }

    void save() throws IOException {
        StringWriter text = new StringWriter();
        properties.store(text, "Kept by the local cloud; delete a port to have another one chosen.");
        folder.write(FILE, text.toString());
    }

    /** @throws SetupException when something else listens on it */
    void requireFree(int port, String name) {
        if (!isFree(port)) {
            throw new SetupException("port " + port + " is in use by another program; free it, or change " + name
                    + " in " + folder.file(FILE));
        }
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
