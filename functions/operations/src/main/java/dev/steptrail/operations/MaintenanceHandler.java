package dev.steptrail.operations;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import dev.steptrail.aws.Log;
import dev.steptrail.aws.MetricLines;
import dev.steptrail.aws.Metrics;
import dev.steptrail.aws.Purpose;
import dev.steptrail.aws.Settings;
import dev.steptrail.store.jdbc.Database;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Does what must be done from time to time; the template's schedule calls it. Harmless to call more often, and by two at
 * once: one works, the other finds that it need not. Stops before the function is cut off; the next call goes on. Each run is
 * a row of {@code maintenance_runs}.
 */
public final class MaintenanceHandler implements RequestHandler<Map<String, Object>, Map<String, Object>> {
    /** To take back what is unfinished, and to write down that it is. */
    private static final Duration RESERVE = Duration.ofSeconds(20);

    /** After the end of the last run: an hour less than a day, so that a job is due once on each day. */
    private static final Duration ONCE_A_DAY = Duration.ofHours(23);

    static final String FINDINGS = "findings";
    static final String GONE_SCREENSHOTS = "gone_screenshots";
    static final String ORPHANS = "orphans";
    static final String RETENTION = "retention";

    private final Database database;
    private final JobRunner runner;
    private final List<Job> jobs;
    private final MetricLines metricLines;

    /** With the settings of the environment, as Lambda calls it. */
    public MaintenanceHandler() {
        this(System.getenv(), MetricLines.STANDARD_OUTPUT);
    }

    /**
     * Whose metrics are lines of its log, at level DEBUG.
     *
     * @param settings those of {@link dev.steptrail.store.jdbc.DatabaseLogin}; the
     *     user must own the tables; {@code STEPTRAIL_BUCKET}, {@code AWS_REGION}, {@code AWS_ACCESS_KEY_ID}, {@code
     *     AWS_SECRET_ACCESS_KEY}, and where they are given, {@code AWS_SESSION_TOKEN} and {@code AWS_ENDPOINT_URL_S3};
     *     {@code STEPTRAIL_RETENTION}: for how many days after the last news of a task its steps stay in the database, 90 if it
     *     is not given, 0 for ever; {@code STEPTRAIL_AUDIT_RETENTION}: for how many days entries of the audit log are kept, and share
     *     links after they expired, 365 if it is not given, 0 for ever
     * @throws IllegalArgumentException naming the setting that is missing or wrong
     */
    public MaintenanceHandler(Map<String, String> settings) {
        this(settings, MetricLines.LOG);
    }

    private MaintenanceHandler(Map<String, String> settings, MetricLines metricLines) {
        Settings checked = new Settings(settings);
        this.database = Database.forMaintenance(checked);
        this.metricLines = metricLines;
        BucketObjects bucket = new BucketObjects(checked);
        this.runner = new JobRunner(database);
        TaskJobs tasks = new TaskJobs(database);
        Duration retention = days(checked, "STEPTRAIL_RETENTION", "90");
        Duration auditRetention = days(checked, "STEPTRAIL_AUDIT_RETENTION", "365");
        this.jobs = List.of(
                new Job("partitions", new KeepPartitions(database)::run),
                new Job("states", tasks::endAbandoned),
                new Job(FINDINGS, tasks::processChanged),
                new Job("rollup", tasks::rollUp),
                new Job("insights", tasks::learn),
                new Job("purge", new PurgeObjects(database, bucket)::run),
                new Job(RETENTION, new Retention(database, bucket, retention)::run),
                new Job("access_records", ONCE_A_DAY, new PruneAccessRecords(database, auditRetention)::run),
                new Job(ORPHANS, Duration.ofDays(1), new DeleteOrphans(database, bucket, Clock.systemUTC())::run),
                new Job(
                        GONE_SCREENSHOTS,
                        ONCE_A_DAY,
                        new FindGoneScreenshots(database, bucket, Clock.systemUTC())::run));
    }

    /** Reads a number of days, of which zero keeps data indefinitely. */
    private static Duration days(Settings settings, String name, String defaultDays) {
        String days = settings.optional(name, defaultDays);
        if (!days.matches("[0-9]{1,5}")) {
            throw new IllegalArgumentException(
                    name
                            + ": must be a number of days from 0 (keep indefinitely) to 99999; set it in the function's environment");
        }
        return Duration.ofDays(Integer.parseInt(days));
    }

    /**
     * Runs each job once.
     *
     * @param input ignored
     * @return by kind what became of the job: {@code done}, {@code out_of_time} (something was left for the next run), {@code
     *     partly_done} (something failed, and the rest went on), or {@code not_now}: it is under way elsewhere, or not due
     * @throws RuntimeException what the last job that failed threw, once the others have had their turn; what was done stays
     *     done
     */
    @Override
    public Map<String, Object> handleRequest(Map<String, Object> input, Context context) {
        Supplier<Duration> remaining =
                () -> Duration.ofMillis(context.getRemainingTimeInMillis()).minus(RESERVE);
        Map<String, Object> outcomes = new LinkedHashMap<>();
        Metrics metrics = new Metrics(Purpose.MAINTENANCE, context.getAwsRequestId());
        MaintenanceReport report = new MaintenanceReport(Log.of(context), metrics);
        RuntimeException failure = null;
        for (Job job : jobs) {
            try {
                Optional<Progress> progress = runner.run(job, remaining);
                outcomes.put(job.kind(), progress.map(Progress::outcome).orElse("not_now"));
                report.ran(job, progress);
            } catch (RuntimeException e) { // the other jobs need not wait for this one to be mended
                report.failed(job, e);
                failure = e;
            }
        }
        report.ended();
        database.tell(metrics);
        metricLines.write(metrics, context);
        if (failure != null) {
            throw failure;
        }
        return outcomes;
    }
}
