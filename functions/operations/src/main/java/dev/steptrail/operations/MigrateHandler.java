package dev.steptrail.operations;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import dev.steptrail.aws.LambdaFunction;
import dev.steptrail.aws.Log;
import dev.steptrail.aws.Metric;
import dev.steptrail.aws.MetricSink;
import dev.steptrail.aws.Metrics;
import dev.steptrail.aws.ParameterException;
import dev.steptrail.aws.Settings;
import dev.steptrail.store.jdbc.DatabaseLogin;
import dev.steptrail.store.jdbc.Failure;
import dev.steptrail.store.roles.MigrationLock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.flywaydb.core.api.exception.FlywayValidateException;
import org.flywaydb.core.api.output.MigrateResult;

/**
 * Migrates the database schema to this release before the release's functions receive traffic. All pending migrations
 * run in one transaction. There are no down migrations. The stack invokes the handler as a custom resource that changes
 * with each version of this function, and the other functions depend on it. Creates the functions' database logins
 * where the database user may create roles; see {@code docs/decisions/database-logins.md}. Idempotent. Concurrent
 * invocations wait for each other ({@link dev.steptrail.store.roles.MigrationLock}), because Lambda may deliver an
 * asynchronous event twice.
 *
 * <p>Deleting the stack disables the logins and deletes the parameters with their passwords. Neither that nor a
 * rollback changes the schema.
 */
public final class MigrateHandler implements RequestHandler<Map<String, Object>, Map<String, Object>> {
    /** Constant, so that an update does not delete and recreate the resource. */
    private static final String PHYSICAL_RESOURCE_ID = "schema";

    private static final Duration MIN_MIGRATION_TIME = Duration.ofSeconds(35);

    /** Resuming from auto-pause takes about 15 seconds. Flyway waits 1, 2, 4, … seconds between retries. */
    private static final int CONNECT_RETRIES = 5;

    private static final Pattern VERSION_ARN = Pattern.compile("(?<function>.+):(?<number>[0-9]{1,18})");

    private final Settings settings;
    private final MetricSink metricSink;

    /** Creates a handler with settings from the environment. Lambda calls this constructor. */
    public MigrateHandler() {
        this(System.getenv(), MetricSink.STANDARD_OUTPUT);
    }

    /**
     * Creates a handler that writes its metrics to its log, at level DEBUG.
     *
     * @param settings the settings of {@link DatabaseSetup}. {@link #handleRequest} validates them and reports errors
     *     to the stack. If this constructor failed, CloudFormation would wait until its timeout
     */
    public MigrateHandler(Map<String, String> settings) {
        this(settings, MetricSink.LOG);
    }

    private MigrateHandler(Map<String, String> settings, MetricSink metricSink) {
        this.settings = new Settings(settings);
        this.metricSink = metricSink;
    }

    /**
     * Creates the database roles, runs the pending migrations, and grants the roles their privileges.
     *
     * @param input an event from CloudFormation; other input is ignored
     * @return {@code migrations}, the number of migrations that ran; {@code schema_version}, the current version; and
     *     {@code database_logins}, whether each function has its own login. Empty if a stack deletes the resource. Only
     *     {@code database_logins} if a stack rolls back to another version of this function, whose migrations ran when
     *     it was deployed
     * @throws IllegalStateException if a setting is missing or invalid, or if a migration fails and is rolled back; the
     *     failure is reported to the stack
     * @throws java.io.UncheckedIOException if the response cannot be sent to CloudFormation
     */
    @Override
    public Map<String, Object> handleRequest(Map<String, Object> input, Context context) {
        Optional<CustomResourceEvent> event = CustomResourceEvent.parse(input);
        if (event.isPresent() && event.get().isDeletion()) {
            disableLogins(context);
            deleteParameters(context);
            event.get().sendSuccess(PHYSICAL_RESOURCE_ID, Map.of());
            return Map.of();
        }
        Map<String, Object> result;
        try {
            if (event.isPresent() && isRollback(event.get())) {
                Log.of(context).info("migration_skipped", Map.of("function_version", context.getFunctionVersion()));
                result = Map.of("database_logins", "not changed by a rollback"); // an output of the stack reads it
            } else {
                result = migrate(context);
            }
        } catch (MigrationLock.BusyException e) {
            // Lambda may deliver an event twice. The migration that holds the lock responds to CloudFormation.
            Log.of(context).error("migration_failed", Map.of("failure", Failure.describe(e)));
            throw e;
        } catch (RuntimeException e) {
            Log.of(context).error("migration_failed", Map.of("failure", Failure.describe(e)));
            event.ifPresent(resource -> resource.sendFailure(PHYSICAL_RESOURCE_ID, reason(e)));
            // Without the cause, which Lambda would log and which may contain a row.
            throw new IllegalStateException(reason(e));
        }
        event.ifPresent(resource -> resource.sendSuccess(PHYSICAL_RESOURCE_ID, result));
        return result;
    }

    /** Leaves the migration enough of the function's timeout. */
    private static Duration waitForOthers(Context context) {
        return Duration.ofMillis(context.getRemainingTimeInMillis()).minus(MIN_MIGRATION_TIME);
    }

    /** A failure is only logged, because it must not prevent the deletion of the stack. */
    private void disableLogins(Context context) {
        try {
            DatabaseSetup setup = new DatabaseSetup(settings);
            setup.runExclusively(waitForOthers(context), () -> {
                setup.disableLogins();
                return Map.of();
            });
        } catch (RuntimeException e) {
            Log.of(context).warn("logins_not_disabled", Map.of("reason", describe(e)));
        }
    }

    /** A failure is only logged, because it must not prevent the deletion of the stack. */
    private void deleteParameters(Context context) {
        try {
            DatabaseSetup.deleteParameters(settings);
        } catch (ParameterException | IllegalArgumentException e) {
            Log.of(context).warn("parameters_not_deleted", Map.of("reason", String.valueOf(e.getMessage())));
        }
    }

    /**
     * Returns whether the stack returns to an earlier version after a failed update. The resource's property
     * {@code Version} is the ARN of a version of this function, which ends with the version's number. Numbers only
     * grow: deploying an older release publishes a new version.
     */
    private static boolean isRollback(CustomResourceEvent event) {
        Matcher version = VERSION_ARN.matcher(event.property("Version"));
        Matcher failed = VERSION_ARN.matcher(event.oldProperty("Version"));
        return event.isUpdate()
                && version.matches()
                && failed.matches()
                && version.group("function").equals(failed.group("function"))
                && Long.parseLong(version.group("number")) < Long.parseLong(failed.group("number"));
    }

    private Map<String, Object> migrate(Context context) {
        DatabaseSetup setup = new DatabaseSetup(settings);
        return setup.runExclusively(waitForOthers(context), () -> migrate(setup, context));
    }

    private Map<String, Object> migrate(DatabaseSetup setup, Context context) {
        Optional<String> singleLogin = setup.createRoles();
        FluentConfiguration configuration = Flyway.configure(MigrateHandler.class.getClassLoader());
        if (singleLogin.isEmpty()) {
            configuration.initSql(setup.setRole());
        }
        DatabaseLogin.Credentials credentials = setup.credentials();
        MigrateResult result = configuration
                .dataSource(setup.url(), credentials.user(), credentials.password())
                .jdbcProperties(Map.of("logServerErrorDetail", "false")) // details contain rows
                .locations("classpath:db/migration")
                .group(true) // all in one transaction, so that a failure leaves the schema unchanged
                // A schema with functions of others, but without tables, is not empty for Flyway.
                .baselineOnMigrate(true)
                .baselineVersion("0")
                .connectRetries(CONNECT_RETRIES)
                .load()
                .migrate();
        if (singleLogin.isEmpty()) {
            setup.enableLogins();
        } else {
            setup.shareLogin();
            Log.of(context).warn("single_database_login", Map.of("reason", singleLogin.get()));
        }
        String version = result.targetSchemaVersion != null ? result.targetSchemaVersion : result.initialSchemaVersion;
        Metrics metrics = new Metrics(LambdaFunction.MIGRATE, context.getAwsRequestId());
        metrics.count(Metric.MIGRATIONS_RUN, result.migrationsExecuted);
        metrics.setProperty("schema_version", version);
        metricSink.write(metrics, context);
        return Map.of(
                "migrations",
                result.migrationsExecuted,
                "schema_version",
                version,
                "database_logins",
                singleLogin
                        .map(reason -> "one login for all functions, because " + reason)
                        .orElse("one login per function"));
    }

    private static String reason(RuntimeException failure) {
        if (failure instanceof FlywayValidateException) {
            return "Schema migration failed: the migrations that were applied to this database differ from those of"
                    + " this version. Deploy the version that created the schema, or use an empty database"
                    + " (for a local cloud, a new data folder).";
        }
        return "Schema migration failed: " + describe(failure);
    }

    private static String describe(RuntimeException failure) {
        return Failure.describeDatabaseError(failure).orElse(String.valueOf(failure.getMessage()));
    }
}
