package dev.steptrail.localcloud;

import com.nimbusds.jose.jwk.RSAKey;
import dev.steptrail.localcloud.database.Database;
import dev.steptrail.localcloud.identity.Issuer;
import dev.steptrail.localcloud.identity.SignIn;
import java.io.IOException;
import java.text.ParseException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Ports, secrets and signing key of a local cloud, stored in its data folder. Immutable. */
record LocalSettings(
        DataFolder folder,
        int databasePort,
        int queuePort,
        int bucketPort,
        int apiPort,
        String databasePassword,
        String accessKey,
        String secretKey,
        RSAKey signingKey) {
    static final String ADMIN_CLAIM = "cognito:groups";
    static final String ADMIN_VALUE = "steptrail-admin";

    static final String DATABASE_FOLDER = "postgres";

    private static final String AUDIENCE = "steptrail";
    private static final String KEY_FILE = "signing-key.json";
    private static final Map<String, Object> OF_ADMINS = Map.of(ADMIN_CLAIM, List.of(ADMIN_VALUE));
    private static final Duration TOKEN_LIFETIME = Duration.ofHours(24);

    /**
     * Prepares a start: chooses missing ports and secrets, stops a Postgres that a killed local cloud left running, and checks that the
     * ports are free. The folder must be locked.
     *
     * @param apiPort the API's port: null for the stored one, 0 for another free one
     * @throws SetupException if a port cannot be used; nothing is stored then
     */
    static LocalSettings prepare(DataFolder folder, @Nullable Integer apiPort) throws IOException {
        SettingsFile file = new SettingsFile(folder);
        if (apiPort != null && apiPort == 0) {
            file.newPort(SettingsFile.API_PORT);
        } else if (apiPort != null) {
            file.keepPort(SettingsFile.API_PORT, apiPort);
        }
        Database.stopLeftOver(folder.folder(DATABASE_FOLDER));
        file.requireFree(SettingsFile.DATABASE_PORT);
        file.requireFree(SettingsFile.QUEUE_PORT);
        file.requireFree(SettingsFile.BUCKET_PORT);
        file.requireFree(SettingsFile.API_PORT);
        if (!folder.holds(KEY_FILE)) {
            folder.write(KEY_FILE, Issuer.newKey().toJSONString());
        }
        LocalSettings settings = read(folder, file);
        file.save();
        return settings;
    }

    /**
     * Reads the settings of an earlier start.
     *
     * @throws SetupException if there was none
     */
    static LocalSettings of(DataFolder folder) throws IOException {
        if (!folder.holds(KEY_FILE)) {
            throw new SetupException("there is no local cloud in " + folder + " yet; start one first, or name another"
                    + " folder with --data");
        }
        return read(folder, new SettingsFile(folder));
    }

    private static LocalSettings read(DataFolder folder, SettingsFile file) throws IOException {
        try {
            return new LocalSettings(
                    folder,
                    file.port(SettingsFile.DATABASE_PORT),
                    file.port(SettingsFile.QUEUE_PORT),
                    file.port(SettingsFile.BUCKET_PORT),
                    file.port(SettingsFile.API_PORT),
                    file.secret("database.password"),
                    file.secret("access.key"),
                    file.secret("secret.key"),
                    Issuer.parseKey(folder.read(KEY_FILE)));
        } catch (ParseException e) {
            throw new SetupException(folder.file(KEY_FILE) + " is not a key: " + e.getMessage());
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

    private static String url(int port) {
        return "http://127.0.0.1:" + port;
    }

    Issuer issuer() {
        return new Issuer(apiUrl(), AUDIENCE, signingKey);
    }

    /** Creates a sign-in whose codes and refresh tokens are valid until this process ends. */
    SignIn signIn() {
        return new SignIn(issuer(), OF_ADMINS, InstantSource.system());
    }

    /** Creates a token that is valid for 24 hours. */
    String token(String user, boolean admin) {
        return issuer().token(user, admin ? OF_ADMINS : Map.of(), TOKEN_LIFETIME);
    }

    @Override
    public String toString() {
        return folder.toString(); // the rest is secret
    }
}
