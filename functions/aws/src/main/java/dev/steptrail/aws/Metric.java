package dev.steptrail.aws;

import static dev.steptrail.aws.Purpose.API;
import static dev.steptrail.aws.Purpose.EXPORT;
import static dev.steptrail.aws.Purpose.INGEST;
import static dev.steptrail.aws.Purpose.MAINTENANCE;
import static dev.steptrail.aws.Purpose.MIGRATE;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All metrics that functions publish, in the namespace {@value Metrics#NAMESPACE}. {@code infra/observability.yaml}
 * contains their alarms and {@code infra/RUNBOOK.md} the responses to these; a test keeps the three consistent.
 */
public enum Metric {
    /** Messages received; the size of the batch of an invocation. */
    MESSAGES_TAKEN("MessagesTaken", Unit.COUNT, INGEST),
    /** Messages that failed and that the queue will deliver again. */
    MESSAGES_FAILED("MessagesFailed", Unit.COUNT, INGEST),
    STEPS_WRITTEN("StepsWritten", Unit.COUNT, INGEST),
    /** Steps that were already stored, with the same content. */
    DUPLICATES("Duplicates", Unit.COUNT, INGEST),
    /** Steps that differ from the stored step with the same number. They are rejected. */
    CONFLICTS("Conflicts", Unit.COUNT, INGEST),
    /** New rows in {@code rejected_messages}, in total and by reason. */
    REJECTED("Rejected", Unit.COUNT, "Reason", INGEST),
    /** Records of deleted tasks. */
    RECORDS_DROPPED("RecordsDropped", Unit.COUNT, INGEST),
    /** Time from a step's timestamp, by the clock of the agent's machine, to its commit. */
    END_TO_END_LAG("EndToEndLag", Unit.MILLISECONDS, INGEST),
    /** Time from when SQS received a message to the commit of its content, both by AWS clocks. */
    QUEUE_LAG("QueueLag", Unit.MILLISECONDS, INGEST),
    /** Steps whose timestamp was in the future at commit, because a machine's clock is fast. Their lag counts as 0. */
    STEPS_AHEAD_OF_TIME("StepsAheadOfTime", Unit.COUNT, INGEST),
    /** Messages that failed because of a bug in this code. Included in MessagesFailed. */
    FAULTS("Faults", Unit.COUNT, INGEST),

    DATABASE_CONNECT_FAILURES("DatabaseConnectFailures", Unit.COUNT, INGEST, API, EXPORT, MAINTENANCE),
    /** Of successful connections. Its sample count is their number. */
    DATABASE_CONNECT_LATENCY("DatabaseConnectLatency", Unit.MILLISECONDS, INGEST, API, EXPORT, MAINTENANCE),

    REQUESTS("Requests", Unit.COUNT, API),
    /** Responses with a status of 400 to 499. */
    CLIENT_ERRORS("ClientErrors", Unit.COUNT, API),
    /** Responses with a status of 500 or more. */
    SERVER_ERRORS("ServerErrors", Unit.COUNT, API),

    /** Messages whose export is in the bucket now, or is not needed because its task was deleted. */
    EXPORTS_MADE("ExportsMade", Unit.COUNT, EXPORT),
    EXPORTS_FAILED("ExportsFailed", Unit.COUNT, EXPORT),
    /** Exports that exceed the size limit. Not an error of the service. */
    EXPORTS_TOO_LARGE("ExportsTooLarge", Unit.COUNT, EXPORT),

    /** Invocations that attempted all jobs. */
    MAINTENANCE_RUNS("MaintenanceRuns", Unit.COUNT, MAINTENANCE),
    /** Jobs that ended as {@code failed} or {@code partly_done}, in total and by job. */
    JOBS_FAILED("JobsFailed", Unit.COUNT, "Job", MAINTENANCE),
    TASKS_ARCHIVED("TasksArchived", Unit.COUNT, MAINTENANCE),
    /** Objects that no row referenced. */
    ORPHANS_DELETED("OrphansDeleted", Unit.COUNT, MAINTENANCE),
    /** Tasks newly found to have screenshots without a step. The schema does not prevent these. */
    SCREENSHOTS_WITHOUT_STEP("ScreenshotsWithoutStep", Unit.COUNT, MAINTENANCE),
    /** Tasks past their retention that were not archived when the run ended. */
    TASKS_DUE("TasksDue", Unit.COUNT, MAINTENANCE),
    /** How long the oldest of these tasks has been due; 0 if there is none. */
    BACKLOG_AGE("BacklogAge", Unit.SECONDS, MAINTENANCE),

    MIGRATIONS_RUN("MigrationsRun", Unit.COUNT, MIGRATE);

    /** A unit of CloudWatch. */
    public enum Unit {
        COUNT("Count"),
        MILLISECONDS("Milliseconds"),
        SECONDS("Seconds");

        private final String text;

        Unit(String text) {
            this.text = text;
        }

        public String text() {
            return text;
        }
    }

    private final String text;
    private final Unit unit;
    private final @Nullable String detail;

    @SuppressWarnings("ImmutableEnumChecker") // Set.of is immutable
    private final Set<Purpose> writers;

    Metric(String text, Unit unit, Purpose... writers) {
        this(text, unit, null, writers);
    }

    Metric(String text, Unit unit, @Nullable String detail, Purpose... writers) {
        this.text = text;
        this.unit = unit;
        this.detail = detail;
        this.writers = Set.of(writers);
    }

    /** Returns its name in CloudWatch. */
    public String text() {
        return text;
    }

    public Unit unit() {
        return unit;
    }

    /** Returns the dimension, in addition to {@code Function}, by which it is also counted; null if there is none. */
    public @Nullable String detail() {
        return detail;
    }

    /** Returns the functions that publish it. */
    public Set<Purpose> writers() {
        return writers;
    }
}
