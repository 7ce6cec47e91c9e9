package dev.steptrail.operations;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import dev.steptrail.aws.Log;
import dev.steptrail.aws.Metric;
import dev.steptrail.aws.MetricSink;
import dev.steptrail.aws.Metrics;
import dev.steptrail.aws.LambdaFunction;
import dev.steptrail.aws.Settings;
import dev.steptrail.store.jdbc.DatabaseLogin;
import dev.steptrail.store.jdbc.Failure;
import java.util.Map;
import java.util.Optional;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.exception.FlywayValidateException;
import org.flywaydb.core.api.output.MigrateResult;

/**
 * Migrates the database schema to this release, forward only, before the release's functions receive traffic. The stack
 * contains it as a custom resource, which is replaced with each version of the function and on which the other
 * functions depend. Idempotent and safe to run concurrently: runs wait for each other. Deleting the stack, or rolling
 * it back, does not change the schema.
 */
public final class MigrateHandler implements RequestHandler<Map<String, Object>, Map<String, Object>> {
    /** The physical resource id. It is constant, because the schema outlives the stack. */
    private static final String RESOURCE = "schema";

    /**
     * A paused serverless database takes about 15 seconds to resume. Flyway waits 1, 2, 4, … seconds between retries.
     */
    private static final int CONNECT_RETRIES = 5;

    private final Settings settings;
    private final MetricSink metricSink;

    /** Creates a handler with settings from the environment. Lambda calls this constructor. */
    public MigrateHandler() {
        this(System.getenv(), MetricSink.STANDARD_OUTPUT);
    }

    /**
     * Creates a handler that writes its metrics to its log, at level DEBUG.
     *
     * @param settings those of {@link DatabaseLogin}; the user must be allowed to create tables. Errors in them are
     *     reported to the stack by {@link #handleRequest}, because CloudFormation would wait for minutes for a function
     *     that cannot start
     */
    public MigrateHandler(Map<String, String> settings) {
        this(settings, MetricSink.LOG);
    }

    private MigrateHandler(Map<String, String> settings, MetricSink metricSink) {
        this.settings = new Settings(settings);
        this.metricSink = metricSink;
    }

    /**
     * Runs the pending migrations.
     *
     * @param input an event of CloudFormation, which gets a response at the URL in it; other input is ignored
     * @return {@code migrations}, the number of migrations that ran, and {@code schema_version}, the current version;
     *     empty if a stack deletes the resource
     * @throws IllegalStateException if a setting is missing or invalid, or a migration fails; the migration is rolled
     *     back and the stack is notified
     * @throws java.io.UncheckedIOException if the stack cannot be notified
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
            throw new IllegalStateException(
                    reason(e)); // without the cause, which would be logged and may contain a row
        }
        stack.ifPresent(event -> event.succeeded(RESOURCE));
        return result;
    }

    private Map<String, Object> migrate(Context context) {
        DatabaseLogin login = new DatabaseLogin(settings);
        MigrateResult result = Flyway.configure(MigrateHandler.class.getClassLoader())
                .dataSource(login.url(), login.user(), login.password())
                .jdbcProperties(Map.of("logServerErrorDetail", "false")) // details contain rows
                .locations("classpath:db/migration")
                .connectRetries(CONNECT_RETRIES)
                .load()
                .migrate();
        String version = result.targetSchemaVersion != null ? result.targetSchemaVersion : result.initialSchemaVersion;
        Metrics metrics = new Metrics(LambdaFunction.MIGRATE, context.getAwsRequestId());
        metrics.count(Metric.MIGRATIONS_RUN, result.migrationsExecuted);
        metrics.setProperty("schema_version", version);
        metricSink.write(metrics, context);
        return Map.of("migrations", result.migrationsExecuted, "schema_version", version);
    }

    private static String reason(RuntimeException failure) {
        if (failure instanceof FlywayValidateException) {
            return "Schema migration failed: another version of Steptrail with different migrations migrated the database."
                    + " Use an empty database; for a local cloud, use a new data folder.";
        }
        return "Schema migration failed: "
                + Failure.ofDatabase(failure).orElse(String.valueOf(failure.getMessage()));
    }
}
