package dev.steptrail.operations;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import dev.steptrail.aws.Settings;
import dev.steptrail.store.DatabaseLogin;
import java.util.Map;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.output.MigrateResult;

/**
 * Brings the database's schema up to this release, forward only; runs before the functions of the release take traffic.
 * Harmless to run again, and by two at once: one waits for the other.
 */
public final class MigrateHandler implements RequestHandler<Map<String, Object>, Map<String, Object>> {
    private final DatabaseLogin login;

    /** With the settings of the environment, as Lambda calls it. */
    public MigrateHandler() {
        this(System.getenv());
    }

    /**
     * @param settings as {@link DatabaseLogin} takes them; the user must be allowed to make tables
     * @throws IllegalArgumentException naming the setting that is missing
     */
    public MigrateHandler(Map<String, String> settings) {
        this.login = new DatabaseLogin(new Settings(settings));
    }

    /**
     * Runs what is missing.
     *
     * @param input ignored
     * @return {@code migrations}: how many ran now, 0 where all had run before; {@code schema_version}: the version there is
     *     now
     * @throws org.flywaydb.core.api.FlywayException if a migration fails; it leaves nothing of itself behind
     */
    @Override
    public Map<String, Object> handleRequest(Map<String, Object> input, Context context) {
        MigrateResult result = Flyway.configure(MigrateHandler.class.getClassLoader())
                .dataSource(login.url(), login.user(), login.password())
                .locations("classpath:db/migration")
                .load()
                .migrate();
        String version = result.targetSchemaVersion != null ? result.targetSchemaVersion : result.initialSchemaVersion;
        return Map.of("migrations", result.migrationsExecuted, "schema_version", version);
    }
}
