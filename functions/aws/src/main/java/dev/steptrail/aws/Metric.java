package dev.steptrail.aws;

import static dev.steptrail.aws.Purpose.API;
import static dev.steptrail.aws.Purpose.EXPORT;
import static dev.steptrail.aws.Purpose.INGEST;
import static dev.steptrail.aws.Purpose.MAINTENANCE;
import static dev.steptrail.aws.Purpose.MIGRATE;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All metrics that functions write, in the namespace {@value Metrics#NAMESPACE}. {@code infra/observability.yaml} watches them by
 * these names, and {@code infra/RUNBOOK.md} tells what to do; a test holds the three together.
 */
public enum Metric {
    /** Messages that the queue delivered: of one invocation the size of its batch. */
    MESSAGES_TAKEN("MessagesTaken", Unit.COUNT, INGEST),
    /** Of these, those that the queue will deliver again. */
    MESSAGES_FAILED("MessagesFailed", Unit.COUNT, INGEST),
    STEPS_WRITTEN("StepsWritten", Unit.COUNT, INGEST),
    /** Steps that were there already, the same. */
    DUPLICATES("Duplicates", Unit.COUNT, INGEST),
    /** Steps that were there already and differ. They are among the rejected. */
    CONFLICTS("Conflicts", Unit.COUNT, INGEST),
    /** Messages and records newly put into rejected_messages; and so by what is wrong with them. */
    REJECTED("Rejected", Unit.COUNT, "Reason", INGEST),
    /** Records of tasks that their owner has deleted. */
    RECORDS_DROPPED("RecordsDropped", Unit.COUNT, INGEST),
    /** From a step's own time, by the clock of the agent's machine, until it is committed. */
    END_TO_END_LAG("EndToEndLag", Unit.MILLISECONDS, INGEST),
    /** From when the queue took a message until what it holds is committed, both by clocks of AWS. */
    QUEUE_LAG("QueueLag", Unit.MILLISECONDS, INGEST),
    /** Steps whose own time had not come yet when they were committed: a machine's clock is ahead. Their lag counts as 0. */
    STEPS_AHEAD_OF_TIME("StepsAheadOfTime", Unit.COUNT, INGEST),
    /** Messages that brought out a fault of ours, which a release before may not have had. Among the failed. */
    FAULTS("Faults", Unit.COUNT, INGEST),

    DATABASE_CONNECT_FAILURES("DatabaseConnectFailures", Unit.COUNT, INGEST, API, EXPORT, MAINTENANCE),
    /** Of those that were made; how many there are of it is how many were made. */
    DATABASE_CONNECT_LATENCY("DatabaseConnectLatency", Unit.MILLISECONDS, INGEST, API, EXPORT, MAINTENANCE),

    REQUESTS("Requests", Unit.COUNT, API),
    /** Answers with a status of 400 to 499. */
    CLIENT_ERRORS("ClientErrors", Unit.COUNT, API),
    /** Answers with a status of 500 and more. */
    SERVER_ERRORS("ServerErrors", Unit.COUNT, API),

    /** Messages whose export lies in the bucket now, or needs not: it was there, or its task is gone. */
    EXPORTS_MADE("ExportsMade", Unit.COUNT, EXPORT),
    EXPORTS_FAILED("ExportsFailed", Unit.COUNT, EXPORT),
    /** Asked for more than an export can take: nobody here is to blame. */
    EXPORTS_TOO_LARGE("ExportsTooLarge", Unit.COUNT, EXPORT),

    /** Invocations that gave each job its turn. */
    MAINTENANCE_RUNS("MaintenanceRuns", Unit.COUNT, MAINTENANCE),
    /** Jobs that ended as {@code failed} or {@code partly_done}; and so by job. */
    JOBS_FAILED("JobsFailed", Unit.COUNT, "Job", MAINTENANCE),
    TASKS_ARCHIVED("TasksArchived", Unit.COUNT, MAINTENANCE),
    /** Objects that no row named. */
    ORPHANS_DELETED("OrphansDeleted", Unit.COUNT, MAINTENANCE),
    /** Tasks newly found to have screenshots without a step, which the schema cannot prevent. */
    SCREENSHOTS_WITHOUT_STEP("ScreenshotsWithoutStep", Unit.COUNT, MAINTENANCE),
    /** Tasks past their retention that are not archived: what was left when the run ended. */
    TASKS_DUE("TasksDue", Unit.COUNT, MAINTENANCE),
    /** How long the first of these has been due; 0 if none is. */
    BACKLOG_AGE("BacklogAge", Unit.SECONDS, MAINTENANCE),

    MIGRATIONS_RUN("MigrationsRun", Unit.COUNT, MIGRATE);

    /** As CloudWatch names it. */
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

    @SuppressWarnings("ImmutableEnumChecker") // it is made by Set.of
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

    /** Its name in CloudWatch. */
    public String text() {
        return text;
    }

    public Unit unit() {
        return unit;
    }

    /** The dimension beside {@code Function} by which it is counted as well; null if there is none. */
    public @Nullable String detail() {
        return detail;
    }

    /** Which functions write it. */
    public Set<Purpose> writers() {
        return writers;
    }
}
