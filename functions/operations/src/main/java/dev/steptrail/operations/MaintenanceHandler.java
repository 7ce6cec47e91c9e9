package dev.steptrail.operations;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import dev.steptrail.aws.LambdaFunction;
import dev.steptrail.aws.Log;
import dev.steptrail.aws.MetricSink;
import dev.steptrail.aws.Metrics;
import dev.steptrail.aws.Settings;
import dev.steptrail.store.jdbc.Database;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Runs periodic maintenance jobs, on the schedule in the template. Safe to call more often or concurrently: a job that
 * is running or not due is skipped. Stops before the function times out, and the next call resumes. Each run is a row
 * of {@code maintenance_runs}.
 */
public final class MaintenanceHandler implements RequestHandler<Map<String, Object>, Map<String, Object>> {
    /** Time reserved for rolling back unfinished work and storing the outcome. */
    private static final Duration RESERVE = Duration.ofSeconds(20);

    /** An hour less than a day. With hourly maintenance, a pause of a day would make a job run every 25 hours. */
    private static final Duration DAILY_PAUSE = Duration.ofHours(23);

    static final String FINDINGS = "findings";
    static final String MISSING_SCREENSHOTS = "gone_screenshots";
    static final String ORPHANS = "orphans";
    static final String RETENTION = "retention";

    private final Database database;
    private final JobRunner runner;
    private final List<Job> jobs;
    private final RequestedJobRunner requestedJobs;
    private final MetricSink metricSink;

    /** Creates a handler with settings from the environment. Lambda calls this constructor. */
    public MaintenanceHandler() {
        this(System.getenv(), MetricSink.STANDARD_OUTPUT);
    }

    /**
     * Creates a handler that writes its metrics to its log, at level DEBUG.
     *
     * @param settings the settings of {@link dev.steptrail.store.jdbc.DatabaseLogin}, whose user must own the tables;
     *     {@code STEPTRAIL_BUCKET} and the settings of {@link dev.steptrail.aws.AwsClients};
     *     {@code STEPTRAIL_RETENTION}, the number of days for which a task's steps are kept in the database after its
     *     last activity (default 90, 0 keeps them indefinitely); {@code STEPTRAIL_AUDIT_RETENTION}, the number of days
     *     for which audit log entries, and share links after their expiry, are kept (default 365, 0 keeps them
     *     indefinitely)
     * @throws IllegalArgumentException if a setting is missing or invalid; the message names it
     */
    public MaintenanceHandler(Map<String, String> settings) {
        this(settings, MetricSink.LOG);
    }

    private MaintenanceHandler(Map<String, String> environment, MetricSink metricSink) {
        Settings settings = new Settings(environment);
        this.database = Database.forMaintenance(settings);
        this.metricSink = metricSink;
        BucketClient bucket = new BucketClient(settings);
        this.runner = new JobRunner(database);
        TaskJobs tasks = new TaskJobs(database);
        this.requestedJobs = new RequestedJobRunner(database, settings);
        Duration retention = days(settings, "STEPTRAIL_RETENTION", "90");
        Duration auditRetention = days(settings, "STEPTRAIL_AUDIT_RETENTION", "365");
        this.jobs = List.of(
                new Job("partitions", new PartitionMaintenance(database)::run),
                new Job("states", tasks::endAbandoned),
                new Job(FINDINGS, tasks::processChanged),
                new Job("rollup", tasks::rollUp),
                new Job("insights", tasks::updateInsights),
                new Job("deleted_rows", tasks::deleteRows),
                new Job("purge", new ObjectPurger(database, bucket)::run),
                new Job(RETENTION, new Retention(database, bucket, retention)::run),
                new Job("access_records", DAILY_PAUSE, new AccessRecordPruner(database, auditRetention)::run),
                new Job(ORPHANS, DAILY_PAUSE, new OrphanDeleter(database, bucket, Clock.systemUTC())::run),
                new Job(
                        MISSING_SCREENSHOTS,
                        DAILY_PAUSE,
                        new MissingScreenshotCheck(database, bucket, Clock.systemUTC())::run));
    }

    private static Duration days(Settings settings, String name, String defaultDays) {
        String days = settings.optional(name, defaultDays);
        if (!days.matches("[0-9]{1,5}")) {
            throw new IllegalArgumentException(
                    name + ": '" + days + "' is not a number of days from 0 (keep indefinitely) to 99999");
        }
        return Duration.ofDays(Integer.parseInt(days));
    }

    /**
     * Runs each job once.
     *
     * @param input ignored
     * @return the outcome of each job, by kind: {@code done}, {@code timed_out} (work remains for the next run),
     *     {@code partly_failed} (some items failed) or {@code skipped} (it is running elsewhere, or is not due)
     * @throws RuntimeException the exception of the last job that failed, after all jobs were attempted
     */
    @Override
    public Map<String, Object> handleRequest(Map<String, Object> input, Context context) {
        Supplier<Duration> remaining =
                () -> Duration.ofMillis(context.getRemainingTimeInMillis()).minus(RESERVE);
        Map<String, Object> outcomes = new LinkedHashMap<>();
        Metrics metrics = new Metrics(LambdaFunction.MAINTENANCE, context.getAwsRequestId());
        MaintenanceReport report = new MaintenanceReport(Log.of(context), metrics);
        RuntimeException failure = null;
        // Last, because a job that crashes the function must not block the others.
        Job overdue = new Job("requested_jobs", (left, resumeAt) -> requestedJobs.runOverdue(Log.of(context), left));
        for (Job job : Stream.concat(jobs.stream(), Stream.of(overdue)).toList()) {
            try {
                Optional<Progress> progress = runner.run(job, remaining);
                outcomes.put(job.kind(), progress.map(Progress::outcome).orElse("skipped"));
                report.addResult(job, progress);
            } catch (RuntimeException e) { // a failing job must not block the others
                report.addFailure(job, e);
                failure = e;
            }
        }
        report.finish();
        database.addMetrics(metrics);
        metricSink.write(metrics, context);
        if (failure != null) {
            throw failure;
        }
        return outcomes;
    }
}
