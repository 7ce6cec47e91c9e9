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

/** The file with ports and secrets, which keeps URLs and tokens valid across restarts. */
final class SettingsFile {
    static final String API_PORT = "api.port";
    static final String DATABASE_PORT = "database.port";
    static final String QUEUE_PORT = "queue.port";
    static final String BUCKET_PORT = "bucket.port";

    private static final String FILE = "settings.properties";
    private static final SecureRandom RANDOM = new SecureRandom();
    // Below the range of ephemeral ports.
    private static final int LOWEST_PORT = 20_000;
    private static final int HIGHEST_PORT = 32_000;

    private final DataFolder folder;
    private final Properties properties = new Properties();

    SettingsFile(DataFolder folder) throws IOException {
        this.folder = folder;
        if (folder.holds(FILE)) {
            properties.load(new StringReader(folder.read(FILE)));
        }
    }

    /** Returns the port stored under the name, or chooses a free one. */
    int port(String name) {
        String kept = properties.getProperty(name);
        return kept == null ? newPort(name) : Integer.parseInt(kept);
    }

    /** Chooses a free port and stores it. */
    int newPort(String name) {
        int port;
        do {
            port = RANDOM.nextInt(LOWEST_PORT, HIGHEST_PORT);
        } while (!isFree(port) || properties.containsValue(Integer.toString(port)));
        return keepPort(name, port);
    }

    /** @throws SetupException if it is stored under another name */
    int keepPort(String name, int port) {
        String text = Integer.toString(port);
        for (String other : properties.stringPropertyNames()) {
            if (!other.equals(name) && properties.getProperty(other).equals(text)) {
                throw new SetupException(
                        "port " + port + " is this local cloud's own " + other + "; choose another with --port");
            }
        }
        properties.setProperty(name, text);
        return port;
    }

    /** Returns the secret stored under the name, or chooses a random one. */
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

    /** @throws SetupException if the port is in use */
    void requireFree(String name) {
        int port = port(name);
        try {
            listen(port);
        } catch (IOException e) {
            String choose = name.equals(API_PORT)
                    ? "choose another with --port"
                    : "change " + name + " in " + folder.file(FILE);
            throw new SetupException(
                    "port " + port + " cannot be used (" + e.getMessage() + "); free it, or " + choose);
        }
    }

    private static boolean isFree(int port) {
        try {
            listen(port);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static void listen(int port) throws IOException {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        }
    }
}
