package dev.steptrail.bench.coldstart;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.joda.time.DateTime;
import org.postgresql.Driver;

/**
 * Ours, from their zips, and those beside which they are measured.
 *
 * @param folder where they are unpacked
 * @param settings as the functions' environment has them
 */
record Contestants(Path folder, Map<String, String> settings) {
    /** Of the task that is read, and of each message: as many as messages have elsewhere in these benchmarks. */
    static final int STEPS = 20;

    /** What handlers need that take their events by type. */
    private static final List<Class<?>> EVENTS = List.of(Context.class, SQSEvent.class, DateTime.class);

    /** Reads the first page of a task's steps. */
    Contestant steps(UUID task) throws IOException {
        return new Contestant(
                "steps",
                ours("api", "dev.steptrail.api.ApiHandler"),
                () -> Events.steps(task),
                answer ->
                        answer.startsWith("{\"statusCode\":200") && answer.split("\"step_id", -1).length == STEPS + 1);
    }

    /** Writes a message that begins this task. */
    Contestant ingest(UUID task) throws IOException {
        return queued("seed", ours("ingest", "dev.steptrail.ingest.IngestHandler"), () -> Events.message(task, STEPS));
    }

    /** Writes one that begins another task each time. */
    Contestant ingest() throws IOException {
        return queued("ingest", ours("ingest", "dev.steptrail.ingest.IngestHandler"), Contestants::message);
    }

    Contestant trivialApi() throws IOException {
        return api("trivial-api", theirs(TrivialApiHandler.class, EVENTS));
    }

    Contestant trivialQueue() throws IOException {
        return queued("trivial-queue", theirs(TrivialQueueHandler.class, EVENTS), Contestants::message);
    }

    Contestant trivialStream() throws IOException {
        return api("trivial-stream", theirs(TrivialStreamHandler.class, List.of(Context.class)));
    }

    Contestant connecting() throws IOException {
        return api("connecting", theirs(ConnectingHandler.class, List.of(Context.class, Driver.class)));
    }

    private static Contestant api(String name, Deployment function) {
        return new Contestant(
                name, function, () -> Events.steps(UUID.randomUUID()), answer -> answer.contains("\"statusCode\":200"));
    }

    private static Contestant queued(String name, Deployment function, Contestant.Event event) {
        return new Contestant(name, function, event, "{\"batchItemFailures\":[]}"::equals);
    }

    private static String message() throws IOException {
        return Events.message(UUID.randomUUID(), STEPS);
    }

    private Deployment ours(String module, String handler) throws IOException {
        Path zip = Path.of("functions", module, "target", module + ".zip");
        Path unpacked = folder.resolve(module);
        return Deployment.of(
                unpacked.toFile().exists() ? unpacked : TaskFolder.unpack(zip, unpacked), handler, settings);
    }

    private Deployment theirs(Class<?> handler, List<Class<?>> libraries) throws IOException {
        Path made = TaskFolder.of(handler, libraries, folder.resolve(handler.getSimpleName()));
        return Deployment.of(made, handler.getName(), settings);
    }
}
