package dev.steptrail.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.steptrail.api.Problem.Kind;
import dev.steptrail.api.json.Json;
import dev.steptrail.aws.BucketException;
import dev.steptrail.aws.Log;
import dev.steptrail.aws.QueueSender;
import dev.steptrail.stepformat.Sha256;
import dev.steptrail.stepformat.TaskId;
import dev.steptrail.store.admin.JobRepository;
import dev.steptrail.store.admin.JobRepository.RequestedJob;
import dev.steptrail.store.admin.RejectedMessageRepository;
import dev.steptrail.store.judgements.BulkRequest;
import dev.steptrail.store.model.Task;
import dev.steptrail.store.query.TaskRepository;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * The routes by which users request jobs and read their state. Another function runs the jobs, because they write to
 * tables that the API may only read.
 */
record JobRoutes(JobRepository jobs, RejectedMessageRepository rejected, TaskRepository tasks, QueueSender queue) {
    /** {@code POST /api/admin/rejected/{id}/retry}: requests that a rejected message is processed again. */
    Response retryRejected(Request request) {
        long id = request.rowId("id", Kind.NO_SUCH_REJECTED);
        if (rejected.find(id).isEmpty()) {
            throw Problem.missing(Kind.NO_SUCH_REJECTED, id);
        }
        return requestJob(request, JobRepository.RETRY_REJECTED, String.valueOf(id));
    }

    /** {@code POST /api/admin/restore}: requests that the archived task {@code task_id} is restored. */
    Response restore(Request request) {
        JsonNode id =
                JsonBody.parse(request.body(), List.of("task_id")).fields().path("task_id");
        UUID taskId = TaskId.parse(id.asText())
                .orElseThrow(() -> Problem.invalidValue("task_id", "must be a UUID in lower case", id));
        Task task = tasks.find(taskId).orElseThrow(() -> new Problem(Kind.NO_SUCH_TASK));
        if (!task.status().equals("archived")) {
            throw new Problem(Kind.NOT_ARCHIVED);
        }
        return requestJob(request, JobRepository.RESTORE_TASK, taskId.toString());
    }

    /** {@code GET /api/jobs/{job_id}}: returns a job that the caller requested or, for admins, any job. */
    Response get(Request request) {
        String id = request.variable("job_id");
        return TaskId.parse(id)
                .flatMap(jobs::find)
                .filter(job -> request.caller().admin()
                        || job.requestedBy().equals(request.caller().owner()))
                .map(Response::noStoreJson)
                .orElseThrow(() -> Problem.missing(Kind.NO_SUCH_JOB, id));
    }

    /**
     * Adds and queues a job. If it was requested before and has not ended, queues and returns that job again, because
     * its message may have been lost. A duplicate message changes nothing.
     */
    private Response requestJob(Request request, String kind, String argument) {
        return accept(request, jobs.request(kind, argument, request.caller().owner()));
    }

    /** Adds and queues a job that changes many tasks, in the same way. */
    Response requestBulk(Request request, BulkRequest bulk) {
        String caller = request.caller().owner();
        return jobs.requestBulk(bulk.kind(), bulk.hash(caller), bulk.json(), caller)
                .map(job -> accept(request, job))
                .orElseThrow(() -> new Problem(Kind.TOO_MANY_JOBS));
    }

    private Response accept(Request request, RequestedJob job) {
        send(request, job);
        return Response.accepted(Map.of("location", "/api/jobs/" + job.jobId()), job);
    }

    /** Returns the message group. The bulk changes of a user run one after the other, in the order of the requests. */
    private static String group(RequestedJob job) {
        return job.request() == null
                ? job.kind() + "." + job.argument()
                : "bulk." + Sha256.hex(job.requestedBy().getBytes(StandardCharsets.UTF_8));
    }

    /** Sends the job's message. If that fails, maintenance runs the job. */
    private void send(Request request, RequestedJob job) {
        try {
            queue.send(
                    group(job),
                    job.jobId().toString(),
                    Json.text(Map.of("job_id", job.jobId().toString())));
        } catch (BucketException e) {
            Log.of(request.context())
                    .error("job_not_queued", Map.of("job_id", job.jobId(), "reason", String.valueOf(e.getMessage())));
        }
    }
}
