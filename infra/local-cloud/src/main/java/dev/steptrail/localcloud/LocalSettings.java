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

/**
 * What is settled before a local cloud starts: where its parts listen, and by which secrets they know each other. Kept in
 * the data folder. Immutable.
 */
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
     * Settles what is not yet settled, ends what a killed local cloud left behind, and checks that the ports are free. The
     * folder must be locked.
     *
     * @param apiPort the API's port: null for the one kept, 0 for another free one
     * @throws SetupException when a port cannot be used; nothing new is kept then
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
     * Reads what an earlier start settled.
     *
     * @throws SetupException when there was none
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

    /** A new one: what it gives out is good until it stops. */
    SignIn signIn() {
        return new SignIn(issuer(), OF_ADMINS, InstantSource.system());
    }

    /** A token that is good for a day in the lab. */
    String token(String user, boolean admin) {
        return issuer().token(user, admin ? OF_ADMINS : Map.of(), TOKEN_LIFETIME);
    }

    @Override
    public String toString() {
        return folder.toString(); // the rest is secret
    }
}
