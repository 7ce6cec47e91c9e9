package dev.steptrail.operations;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import dev.steptrail.aws.Log;
import dev.steptrail.aws.Metric;
import dev.steptrail.aws.MetricLines;
import dev.steptrail.aws.Metrics;
import dev.steptrail.aws.Purpose;
import dev.steptrail.aws.Settings;
import dev.steptrail.store.jdbc.DatabaseLogin;
import dev.steptrail.store.jdbc.Failure;
import java.util.Map;
import java.util.Optional;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.exception.FlywayValidateException;
import org.flywaydb.core.api.output.MigrateResult;

/**
 * Brings the database's schema up to this release, forward only; runs before the functions of the release take traffic: the stack has it as
 * a custom resource, which is made anew with each version of the function and before the others. Harmless to run again, and by two at once:
 * one waits for the other. A stack that is deleted, or taken back, leaves the schema as it is.
 */
public final class MigrateHandler implements RequestHandler<Map<String, Object>, Map<String, Object>> {
    /** The schema outlives the stack, so it is one resource whatever the release. */
    private static final String RESOURCE = "schema";

    /** A serverless database that sleeps takes about 15 seconds to wake; Flyway waits a second, two, four... in between. */
    private static final int CONNECT_RETRIES = 5;

    private final Settings settings;
    private final MetricLines metricLines;

    /** With the settings of the environment, as Lambda calls it. */
    public MigrateHandler() {
        this(System.getenv(), MetricLines.STANDARD_OUTPUT);
    }

    /**
     * Whose metrics are lines of its log, at level DEBUG.
     *
     * @param settings as {@link DatabaseLogin} takes them; the user must be allowed to make tables. What is wrong with them the stack is told,
     *     which would wait for minutes for a function that cannot start
     */
    public MigrateHandler(Map<String, String> settings) {
        this(settings, MetricLines.LOG);
    }

    private MigrateHandler(Map<String, String> settings, MetricLines metricLines) {
        this.settings = new Settings(settings);
        this.metricLines = metricLines;
    }

    /**
     * Runs what is missing.
     *
     * @param input CloudFormation's event, which is answered at the URL that it names; anything else is ignored
     * @return {@code migrations}: how many ran now, 0 where all had run before; {@code schema_version}: the version there is
     *     now; both absent where a stack's resource was deleted
     * @throws IllegalStateException if a setting is missing or wrong, or a migration fails; it leaves nothing of itself behind, and the stack was told
     * @throws java.io.UncheckedIOException if the stack cannot be told
     */
    @Override
    public Map<String, Object> handleRequest(Map<String, Object> input, Context context) {
        Optional<StackEvent> stack = StackEvent.of(input);
        if (stack.isPresent() && stack.get().isDeletion()) {
            stack.get().succeeded(RESOURCE);
            return Map.of();
        }
        Map<String, Object> result;
        try {
            result = migrate(context);
        } catch (RuntimeException e) {
            Log.of(context).error("migration_failed", Map.of("failure", Failure.describe(e)));
            stack.ifPresent(event -> event.failed(RESOURCE, reason(e)));
            throw new IllegalStateException(reason(e)); // without its cause, which may quote a row, and would be logged
        }
        stack.ifPresent(event -> event.succeeded(RESOURCE));
        return result;
    }

    private Map<String, Object> migrate(Context context) {
        DatabaseLogin login = new DatabaseLogin(settings);
        MigrateResult result = Flyway.configure(MigrateHandler.class.getClassLoader())
                .dataSource(login.url(), login.user(), login.password())
                .jdbcProperties(Map.of("logServerErrorDetail", "false")) // which quotes rows
                .locations("classpath:db/migration")
                .connectRetries(CONNECT_RETRIES)
                .load()
                .migrate();
        String version = result.targetSchemaVersion != null ? result.targetSchemaVersion : result.initialSchemaVersion;
        Metrics metrics = new Metrics(Purpose.MIGRATE, context.getAwsRequestId());
        metrics.count(Metric.MIGRATIONS_RUN, result.migrationsExecuted);
        metrics.tell("schema_version", version);
        metricLines.write(metrics, context);
        return Map.of("migrations", result.migrationsExecuted, "schema_version", version);
    }

    private static String reason(RuntimeException failure) {
        if (failure instanceof FlywayValidateException) {
            return "The schema was not brought up to date: the database was migrated by a version of Steptrail whose migrations"
                    + " differ from those of this version. Use an empty database; a local cloud needs a new data folder.";
        }
        return "The schema was not brought up to date: "
                + Failure.ofDatabase(failure).orElse(String.valueOf(failure.getMessage()));
    }
}
