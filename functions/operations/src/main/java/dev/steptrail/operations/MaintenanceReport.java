package dev.steptrail.operations;

import dev.steptrail.aws.Log;
import dev.steptrail.aws.Metric;
import dev.steptrail.aws.Metrics;
import dev.steptrail.store.jdbc.Failure;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Writes the outcome of each job to the log and the metrics of one invocation. */
final class MaintenanceReport {
    private final Log log;
    private final Metrics metrics;

    MaintenanceReport(Log log, Metrics metrics) {
        this.log = log;
        this.metrics = metrics;
        metrics.count(Metric.JOBS_FAILED, 0);
    }

    /** Reports the outcome of a job; empty if it is running elsewhere or is not due. */
    void addResult(Job job, Optional<Progress> progress) {
        progress.ifPresentOrElse(
                result -> reportResult(job, result),
                () -> log.info("job", Map.of("job", job.kind(), "outcome", "skipped")));
    }

    private void reportResult(Job job, Progress result) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("job", job.kind());
        fields.put("outcome", result.outcome());
        fields.putAll(result.counts());
        if (result.resumeAt() == null) {
            log.info("job", fields);
        } else {
            fields.put("resume_at", result.resumeAt());
            log.warn("job", fields);
        }
        for (String failure : result.failures()) {
            log.error("job_item_failed", Map.of("job", job.kind(), "failure", failure));
        }
        if (!result.failures().isEmpty()) {
            metrics.count(Metric.JOBS_FAILED, job.kind(), 1);
        }
        publishCounts(job, result.counts());
    }

    private void publishCounts(Job job, Map<String, Long> counts) {
        if (job.kind().equals(MaintenanceHandler.ORPHANS)) {
            metrics.count(Metric.ORPHANS_DELETED, required(counts, "deleted_objects"));
        } else if (job.kind().equals(MaintenanceHandler.FINDINGS)
                || job.kind().equals(MaintenanceHandler.MISSING_SCREENSHOTS)) {
            metrics.count(Metric.TASKS_WITH_STRAY_SCREENSHOTS, required(counts, TaskJobs.TASKS_WITH_STRAY_SCREENSHOTS));
        } else if (job.kind().equals(MaintenanceHandler.RETENTION) && counts.containsKey("due_tasks")) {
            metrics.count(Metric.TASKS_ARCHIVED, required(counts, "archived_tasks"));
            metrics.count(Metric.TASKS_DUE, required(counts, "due_tasks"));
            metrics.recordDuration(Metric.BACKLOG_AGE, Duration.ofSeconds(required(counts, "due_seconds")));
        }
    }

    private static long required(Map<String, Long> counts, String name) {
        return Objects.requireNonNull(counts.get(name), name);
    }

    /** Reports that a job failed. */
    void addFailure(Job job, RuntimeException failure) {
        log.error("job", Map.of("job", job.kind(), "outcome", "failed", "failure", Failure.describe(failure)));
        metrics.count(Metric.JOBS_FAILED, job.kind(), 1);
    }

    /** Reports that all jobs were attempted. */
    void finish() {
        metrics.count(Metric.MAINTENANCE_RUNS, 1);
    }
}
