package dev.steptrail.bench.database;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent.RequestContext;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import dev.steptrail.api.ApiHandler;
import dev.steptrail.aws.Settings;
import dev.steptrail.bench.Benchmark;
import dev.steptrail.bench.Measurement;
import dev.steptrail.bench.Measurement.Threshold;
import dev.steptrail.bench.Rounds;
import dev.steptrail.operations.JobsHandler;
import dev.steptrail.stepformat.VerdictValue.Label;
import dev.steptrail.store.admin.JobRepository;
import dev.steptrail.store.admin.JobRepository.RequestedJob;
import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.judgements.BulkChange;
import dev.steptrail.store.judgements.BulkRequest;
import dev.steptrail.store.judgements.TagChange;
import dev.steptrail.store.judgements.VerdictRepository.NewVerdict;
import dev.steptrail.store.model.TaskFilter;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** Measures changes of 10,000 tasks by the job and by the API. */
public final class BulkBenchmark implements Benchmark {
    private static final int TASKS = 10_000;
    private static final int IDS_PER_REQUEST = 1000;
    private static final int ROUNDS = 5;

    /** In milliseconds. */
    private static final Threshold THRESHOLD = Threshold.atMost(0, 10_000);

    @Override
    public String description() {
        return "The median time for changing " + TASKS + " tasks: by a job, or by requests with " + IDS_PER_REQUEST
                + " ids each. Each task has two values in its metadata. The baseline is one transaction that updates"
                + " the tags of all of the tasks and adds the same audit rows by two plain statements; the same"
                + " triggers run.";
    }

    @Override
    public List<Measurement> run(Rounds rounds) throws Exception {
        try (PostgresServer server = PostgresServer.start();
                Connection connection = server.postgres().connect();
                Database database =
                        Database.forMaintenance(new Settings(server.postgres().settings()));
                JobsHandler jobs = new JobsHandler(server.postgres().settings())) {
            addTasks(server.postgres());
            Subjects subjects = new Subjects(
                    new JobRepository(database),
                    jobs,
                    new ApiHandler(server.postgres().settings()),
                    connection);
            Callable<?> baseline = subjects.alternately(subjects::update);
            return List.of(
                    rounds.compare(
                            "a tag, by a job",
                            subjects.job(adds -> tag("job", adds)),
                            "plain statements",
                            baseline,
                            ROUNDS,
                            THRESHOLD),
                    rounds.compare(
                            "a tag, by ids",
                            subjects.alternately(subjects::tagByIds),
                            "plain statements",
                            baseline,
                            ROUNDS,
                            THRESHOLD),
                    rounds.compare(
                            "a verdict, by a job",
                            subjects.job(passes ->
                                    new NewVerdict("success", passes ? Label.PASS : Label.FAIL, null, null, "because")),
                            "plain statements",
                            baseline,
                            ROUNDS,
                            THRESHOLD));
        }
    }

    private static void addTasks(Postgres postgres) throws SQLException {
        postgres.execute("INSERT INTO tasks (task_id, owner, start_received, started_at, ended_at, status, description,"
                + " agent, model, device_id, metadata) SELECT gen_random_uuid(), '" + Postgres.OWNER + "', true,"
                + " now() - n * interval '1 minute', now(), 'succeeded', 'Open the weather app ' || n, 'agent', 'model',"
                + " 'phone-' || n % 20, json_build_object('build', '1.' || n % 100, 'n', n)"
                + " FROM generate_series(1, " + TASKS + ") AS n");
        postgres.execute("VACUUM ANALYZE tasks");
    }

    private static TagChange tag(String tag, boolean adds) {
        return new TagChange(adds ? List.of(tag) : List.of(), adds ? List.of() : List.of(tag));
    }

    /** Changes all tasks, in two ways that undo each other. */
    private interface Change {
        Object run(boolean isFirst) throws Exception;
    }

    private record Subjects(JobRepository repository, JobsHandler jobs, ApiHandler api, Connection connection) {
        Callable<?> alternately(Change change) {
            AtomicInteger calls = new AtomicInteger();
            return () -> change.run(calls.getAndIncrement() % 2 == 0);
        }

        Callable<?> job(Function<Boolean, BulkChange> change) {
            return alternately(isFirst -> {
                BulkRequest request = new BulkRequest(TaskFilter.forOwner(Postgres.OWNER), change.apply(isFirst));
                RequestedJob job = repository
                        .requestBulk(request.kind(), request.hash(Postgres.OWNER), request.json(), Postgres.OWNER)
                        .orElseThrow();
                SQSMessage message = new SQSMessage();
                message.setBody("{\"job_id\":\"" + job.jobId() + "\"}");
                SQSEvent event = new SQSEvent();
                event.setRecords(List.of(message));
                jobs.handleRequest(event, Invocation.context());
                RequestedJob ended = repository.find(job.jobId()).orElseThrow();
                return requireAllChanged(String.valueOf(ended.result()), TASKS);
            });
        }

        Object tagByIds(boolean adds) throws SQLException {
            List<String> ids = new ArrayList<>();
            try (Statement statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery("SELECT task_id FROM tasks")) {
                while (rows.next()) {
                    ids.add("\"" + rows.getString(1) + "\"");
                }
            }
            connection.commit();
            for (int from = 0; from < ids.size(); from += IDS_PER_REQUEST) {
                String body = "{\"task_ids\":[%s],\"%s\":[\"ids\"]}"
                        .formatted(
                                String.join(",", ids.subList(from, from + IDS_PER_REQUEST)), adds ? "add" : "remove");
                String response =
                        api.handleRequest(request(body), Invocation.context()).getBody();
                requireAllChanged(new String(Base64.getDecoder().decode(response), UTF_8), IDS_PER_REQUEST);
            }
            return ids;
        }

        private static APIGatewayV2HTTPEvent request(String body) {
            return APIGatewayV2HTTPEvent.builder()
                    .withRouteKey("POST /api/bulk/tags")
                    .withRawQueryString("")
                    .withBody(body)
                    .withRequestContext(RequestContext.builder()
                            .withAuthorizer(RequestContext.Authorizer.builder()
                                    .withJwt(RequestContext.Authorizer.JWT
                                            .builder()
                                            .withClaims(Map.of("sub", Postgres.OWNER))
                                            .build())
                                    .build())
                            .build())
                    .build();
        }

        private static String requireAllChanged(String result, int tasks) {
            if (!result.contains("\"changed\":" + tasks + ",")) {
                throw new IllegalStateException("not all tasks were changed: " + result);
            }
            return result;
        }

        /** Changes the tags and adds the audit rows by plain statements. */
        Object update(boolean adds) throws SQLException {
            try (Statement statement = connection.createStatement()) {
                statement.execute("UPDATE tasks SET judged_at = clock_timestamp(), tags = "
                        + (adds ? "array_append(tags, 'plain')" : "array_remove(tags, 'plain')"));
                statement.execute("INSERT INTO audit_log (caller, action, task_id, task_owner, detail)"
                        + " SELECT 'bench', 'change_tags', task_id, owner, '{\"added\":[\"plain\"],\"removed\":[]}'"
                        + " FROM tasks");
            }
            connection.commit();
            return adds;
        }
    }
}
