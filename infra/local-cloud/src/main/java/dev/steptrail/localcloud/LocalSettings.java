package dev.steptrail.localcloud;

import com.nimbusds.jose.jwk.RSAKey;
import dev.steptrail.localcloud.identity.Issuer;
import dev.steptrail.localcloud.identity.SignIn;
import dev.steptrail.localcloud.servers.Database;
import dev.steptrail.localcloud.servers.ParameterServer;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.security.SecureRandom;
import java.text.ParseException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/** Ports, secrets and signing key of a local cloud, stored so that URLs and tokens stay valid across restarts. */
record LocalSettings(
        DataFolder folder,
        int databasePort,
        int queuePort,
        int bucketPort,
        int parameterPort,
        int apiPort,
        String databasePassword,
        String accessKey,
        String secretKey,
        RSAKey signingKey) {
    static final String ADMIN_CLAIM = "cognito:groups";
    static final String ADMIN_VALUE = "steptrail-admin";

    static final String DATABASE_FOLDER = "postgres";

    static final String FILE = "settings.properties";
    static final String KEY_FILE = "signing-key.json";
    private static final String API_PORT = "api.port";
    private static final List<String> OTHER_PORTS =
            List.of("database.port", "queue.port", "bucket.port", "parameter.port");

    private static final String AUDIENCE = "steptrail";
    private static final Map<String, Object> ADMIN_CLAIMS = Map.of(ADMIN_CLAIM, List.of(ADMIN_VALUE));
    private static final Duration TOKEN_LIFETIME = Duration.ofHours(24);
    private static final SecureRandom RANDOM = new SecureRandom();
    // Below the ephemeral ports, so that no outgoing connection occupies a stored port between two starts.
    private static final int MIN_PORT = 20_000;
    private static final int MAX_PORT = 32_000;

    /**
     * Prepares a start: chooses missing ports and secrets, stops a Postgres that a killed local cloud left running, and
     * checks that the ports are free. The folder must be locked.
     *
     * @param apiPort the API's port; null for the stored one, 0 for any free one
     * @throws SetupException if a port cannot be used; nothing is stored then
     */
    static LocalSettings prepare(DataFolder folder, @Nullable Integer apiPort) throws IOException {
        Properties properties = readFile(folder);
        if (apiPort != null) {
            properties.remove(API_PORT);
        }
        if (apiPort != null && apiPort != 0) {
            setApiPort(properties, apiPort);
        }
        LocalSettings settings = read(folder, properties);
        Database.stopOrphan(folder.folder(DATABASE_FOLDER));
        for (String name : OTHER_PORTS) {
            requireFree(port(properties, name), "change " + name + " in " + folder.file(FILE));
        }
        requireFree(settings.apiPort, "choose another with --port");
        folder.write(KEY_FILE, settings.signingKey.toJSONString());
        StringWriter text = new StringWriter();
        properties.store(text, "Written by the local cloud. To have another port chosen, delete its line.");
        folder.write(FILE, text.toString());
        return settings;
    }

    /**
     * Reads the settings of an earlier start.
     *
     * @throws SetupException if there was none
     */
    static LocalSettings load(DataFolder folder) throws IOException {
        if (!folder.contains(KEY_FILE)) {
            throw new SetupException("no local cloud has been started in " + folder + "; start one, or select another"
                    + " folder with --data");
        }
        return read(folder, readFile(folder));
    }

    private static Properties readFile(DataFolder folder) throws IOException {
        Properties properties = new Properties();
        if (folder.contains(FILE)) {
            properties.load(new StringReader(folder.read(FILE)));
        }
        return properties;
    }

    private static void setApiPort(Properties properties, int port) {
        String text = Integer.toString(port);
        for (String other : OTHER_PORTS) {
            if (text.equals(properties.getProperty(other))) {
                throw new SetupException("port " + port + " is already the " + other
                        + " of this local cloud; choose another with --port");
            }
        }
        properties.setProperty(API_PORT, text);
    }

    /** Reads the settings. Chooses missing values and adds them to {@code properties}. */
    private static LocalSettings read(DataFolder folder, Properties properties) throws IOException {
        try {
            return new LocalSettings(
                    folder,
                    port(properties, "database.port"),
                    port(properties, "queue.port"),
                    port(properties, "bucket.port"),
                    port(properties, "parameter.port"),
                    port(properties, API_PORT),
                    secret(properties, "database.password"),
                    secret(properties, "access.key"),
                    secret(properties, "secret.key"),
                    folder.contains(KEY_FILE) ? RSAKey.parse(folder.read(KEY_FILE)) : Issuer.newKey());
        } catch (ParseException e) {
            throw new SetupException(folder.file(KEY_FILE) + " is not a valid key: " + e.getMessage());
        }
    }

    private static int port(Properties properties, String name) {
        if (!properties.containsKey(name)) {
            properties.setProperty(name, freePort(properties));
        }
        return Integer.parseInt(properties.getProperty(name));
    }

    private static String freePort(Properties properties) {
        while (true) {
            int port = RANDOM.nextInt(MIN_PORT, MAX_PORT);
            try {
                checkCanListen(port);
                if (!properties.containsValue(Integer.toString(port))) {
                    return Integer.toString(port);
                }
            } catch (IOException e) {
                // the port is in use; try another one
            }
        }
    }

    private static String secret(Properties properties, String name) {
        return (String) properties.computeIfAbsent(name, missing -> {
            byte[] bytes = new byte[20];
            RANDOM.nextBytes(bytes);
            return HexFormat.of().formatHex(bytes);
        });
    }

    private static void requireFree(int port, String remedy) {
        try {
            checkCanListen(port);
        } catch (IOException e) {
            throw new SetupException(
                    "port " + port + " cannot be used (" + e.getMessage() + "); free it, or " + remedy);
        }
    }

    private static void checkCanListen(int port) throws IOException {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        }
    }

    String apiUrl() {
        return url(apiPort);
    }

    String queueUrl() {
        return url(queuePort);
    }

    String bucketUrl() {
        return url(bucketPort);
    }

    String parameterUrl() {
        return ParameterServer.url(parameterPort, secretKey);
    }

    private static String url(int port) {
        return "http://127.0.0.1:" + port;
    }

    Issuer issuer() {
        return new Issuer(apiUrl(), AUDIENCE, signingKey);
    }

    /** Creates a sign-in whose codes and refresh tokens are valid until this process ends. */
    SignIn signIn() {
        return new SignIn(issuer(), ADMIN_CLAIMS, InstantSource.system());
    }

    /** Creates a token that is valid for 24 hours. */
    String token(String user, boolean admin) {
        return issuer().token(user, admin ? ADMIN_CLAIMS : Map.of(), TOKEN_LIFETIME);
    }

    @Override
    public String toString() {
        return folder.toString(); // without the secrets
    }
}
