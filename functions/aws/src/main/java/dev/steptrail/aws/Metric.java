package dev.steptrail.aws;

import static dev.steptrail.aws.LambdaFunction.API;
import static dev.steptrail.aws.LambdaFunction.EXPORT;
import static dev.steptrail.aws.LambdaFunction.INGEST;
import static dev.steptrail.aws.LambdaFunction.JOBS;
import static dev.steptrail.aws.LambdaFunction.MAINTENANCE;
import static dev.steptrail.aws.LambdaFunction.MIGRATE;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All metrics that functions publish, in the namespace {@value Metrics#NAMESPACE}. {@code infra/observability.yaml}
 * contains their alarms, and {@code infra/RUNBOOK.md} the responses to alarms. A test compares them, and
 * {@code infra/capacity.py} counts them in the text of this file.
 */
public enum Metric {
    /** Messages that an invocation received; the batch size. */
    MESSAGES_RECEIVED("MessagesReceived", Unit.COUNT, INGEST),
    /** Messages that failed and that the queue will deliver again. */
    MESSAGES_FAILED("MessagesFailed", Unit.COUNT, INGEST),
    STEPS_WRITTEN("StepsWritten", Unit.COUNT, INGEST),
    /** Steps that were already stored, with the same content. */
    DUPLICATES("Duplicates", Unit.COUNT, INGEST),
    /** Steps that differ from the stored step with the same number. They are rejected. */
    CONFLICTS("Conflicts", Unit.COUNT, INGEST),
    /** New rows in {@code rejected_messages}, in total and by reason. */
    REJECTED("Rejected", Unit.COUNT, "Reason", INGEST),
    /** Records that were discarded because their task was deleted. */
    RECORDS_DROPPED("RecordsDropped", Unit.COUNT, INGEST),
    /** Time from a step's timestamp, by the clock of the agent's machine, to its commit. */
    END_TO_END_LAG("EndToEndLag", Unit.MILLISECONDS, INGEST),
    /** Time from when SQS received a message to the commit of its content, both by AWS clocks. */
    QUEUE_LAG("QueueLag", Unit.MILLISECONDS, INGEST),
    /** Steps whose timestamp was in the future at commit, because a machine's clock is fast. Their lag counts as 0. */
    STEPS_WITH_FUTURE_TIMESTAMP("StepsWithFutureTimestamp", Unit.COUNT, INGEST),
    /** Messages that failed because of an unexpected error, which is a bug in this code. Included in MessagesFailed. */
    UNEXPECTED_ERRORS("UnexpectedErrors", Unit.COUNT, INGEST),

    DATABASE_CONNECT_FAILURES("DatabaseConnectFailures", Unit.COUNT, INGEST, API, EXPORT, MAINTENANCE, JOBS),
    /** Duration of successful connection attempts. The sample count is the number of connections. */
    DATABASE_CONNECT_LATENCY("DatabaseConnectLatency", Unit.MILLISECONDS, INGEST, API, EXPORT, MAINTENANCE, JOBS),

    REQUESTS("Requests", Unit.COUNT, API),
    /** Responses with a status of 400 to 499. */
    CLIENT_ERRORS("ClientErrors", Unit.COUNT, API),
    /** Responses with a status of 500 or more. */
    SERVER_ERRORS("ServerErrors", Unit.COUNT, API),

    /** Messages whose export is stored in the bucket, or not needed because its task was deleted. */
    EXPORTS_COMPLETED("ExportsCompleted", Unit.COUNT, EXPORT),
    EXPORTS_FAILED("ExportsFailed", Unit.COUNT, EXPORT),
    /** Exports that cannot be completed within the function's timeout. Not an error of the service. */
    EXPORTS_TOO_LARGE("ExportsTooLarge", Unit.COUNT, EXPORT),

    /** Invocations that attempted all jobs. */
    MAINTENANCE_RUNS("MaintenanceRuns", Unit.COUNT, MAINTENANCE),
    /** Jobs that ended as {@code failed} or {@code partly_failed}, in total and by job. */
    JOBS_FAILED("JobsFailed", Unit.COUNT, "Job", MAINTENANCE),
    TASKS_ARCHIVED("TasksArchived", Unit.COUNT, MAINTENANCE),
    /** Deleted objects that no row referenced. */
    ORPHANS_DELETED("OrphansDeleted", Unit.COUNT, MAINTENANCE),
    /** Tasks newly found to have screenshots without a step. The schema does not prevent these. */
    TASKS_WITH_STRAY_SCREENSHOTS("TasksWithStrayScreenshots", Unit.COUNT, MAINTENANCE),
    /** Tasks past their retention that were not archived when the run ended. */
    TASKS_DUE("TasksDue", Unit.COUNT, MAINTENANCE),
    /** Time since the oldest of the TasksDue became due; 0 if no task is due. */
    BACKLOG_AGE("BacklogAge", Unit.SECONDS, MAINTENANCE),

    MIGRATIONS_RUN("MigrationsRun", Unit.COUNT, MIGRATE);

    /** A unit of CloudWatch. */
    public enum Unit {
        COUNT("Count"),
        MILLISECONDS("Milliseconds"),
        SECONDS("Seconds");

        private final String cloudWatchName;

        Unit(String cloudWatchName) {
            this.cloudWatchName = cloudWatchName;
        }

        public String cloudWatchName() {
            return cloudWatchName;
        }
    }

    private final String cloudWatchName;
    private final Unit unit;
    private final @Nullable String extraDimension;

    @SuppressWarnings("ImmutableEnumChecker") // Set.of is immutable
    private final Set<LambdaFunction> publishers;

    Metric(String cloudWatchName, Unit unit, LambdaFunction... publishers) {
        this(cloudWatchName, unit, null, publishers);
    }

    Metric(String cloudWatchName, Unit unit, @Nullable String extraDimension, LambdaFunction... publishers) {
        this.cloudWatchName = cloudWatchName;
        this.unit = unit;
        this.extraDimension = extraDimension;
        this.publishers = Set.of(publishers);
    }

    public String cloudWatchName() {
        return cloudWatchName;
    }

    public Unit unit() {
        return unit;
    }

    /** Returns the dimension by which the metric is counted in addition to {@code Function}; null if there is none. */
    public @Nullable String extraDimension() {
        return extraDimension;
    }

    /** Returns the functions that publish the metric. */
    public Set<LambdaFunction> publishers() {
        return publishers;
    }
}
