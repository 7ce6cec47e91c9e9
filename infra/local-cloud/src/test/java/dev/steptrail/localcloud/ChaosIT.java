package dev.steptrail.localcloud;

import static dev.steptrail.localcloud.FragileCloud.changed;
import static dev.steptrail.stepformat.Waiting.until;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.steptrail.stepformat.RecordCodec;
import dev.steptrail.stepformat.Step;
import java.io.IOException;
import java.sql.Connection;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/**
 * Runs many senders and concurrent invocations of ingest, while Postgres is killed and restarted repeatedly.
 * {@code -Dsteptrail.chaos=20000} sends more steps; {@code -Dsteptrail.chaos.seed} repeats a run's messages.
 */
@Tag("slow")
class ChaosIT {
    private static final int STEPS = Integer.getInteger("steptrail.chaos", 1000);
    private static final int KILLS = Math.max(2, Math.min(STEPS / 2000, 10));

    /** Tables locked before Postgres is killed: ingest blocks after writing steps or at its start; empty: no lock. */
    private static final List<String> HELD_AT = List.of("step_screenshots", "tasks", "");

    /** The properties of ingest's queue event, without the event's name. */
    private static final Pattern QUEUE_EVENT = Pattern.compile("(?m)^ {10}Type: SQS\n(?: {10,}.*\n)+");

    private static final JsonMapper JSON = new JsonMapper();

    private static final String STORED = """
            SELECT jsonb_strip_nulls(
                       to_jsonb(s) - '{step_data,created_at}'::text[]
                                   - (SELECT array_agg(attname::text)
                                        FROM pg_attribute
                                       WHERE attrelid = 'task_steps'::regclass
                                         AND attgenerated <> '')
                       || s.step_data::jsonb
                       || jsonb_build_object(
                              'timestamp', to_char(s.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
                              'screenshots', (SELECT jsonb_agg(to_jsonb(p) - '{task_id,step_number,screenshot_index,metadata}'::text[]
                                                               || p.metadata::jsonb ORDER BY p.screenshot_index)
                                                FROM step_screenshots AS p
                                               WHERE p.task_id = s.task_id
                                                 AND p.step_number = s.step_number)))
              FROM task_steps AS s
            """;

    private static final String MISCOUNTED = """
            SELECT task_id
              FROM tasks AS t
             WHERE (total_steps, successful_steps, failed_steps, total_duration_ms, conflicting_steps)
                <> (SELECT count(*), count(*) FILTER (WHERE success), count(*) FILTER (WHERE NOT success),
                           coalesce(sum(duration_ms), 0), 0
                      FROM task_steps AS s
                     WHERE s.task_id = t.task_id)
            """;

    private final AtomicInteger deliveredAgain = new AtomicInteger();

    @Test
    void repeatedKillsOfPostgres_everyValidStepIsStoredOnce_andEveryInvalidMessageRejectedOnce() throws Exception {
        long seed = Long.getLong("steptrail.chaos.seed", System.nanoTime());
        Random random = new Random(seed);
        LoadGenerator barrage = new LoadGenerator(STEPS, random);
        try (FragileCloud cloud = FragileCloud.start(ChaosIT::crowded, this::senderOf, LoadGenerator.agents());
                Senders senders = new Senders(cloud)) {
            hurry(cloud);
            senders.send(barrage.firstOfOwners());
            untilTheQueueIsEmpty(cloud);

            int parts = 2 * KILLS;
            for (int part = 0; part < parts; part += 2) {
                senders.send(part(barrage.shipments(), part, parts));
                List<LoadGenerator.Shipment> rest = part(barrage.shipments(), part + 1, parts);
                killWhileItWrites(cloud, senders, rest, HELD_AT.get(part / 2 % HELD_AT.size()), random);
                Thread.sleep(random.nextInt(300));
                cloud.postgres.start();
                until("Postgres serves again", () -> cloud.number("SELECT 1") == 1);
            }
            untilTheQueueIsEmpty(cloud);

            assertThat(deliveredAgain).hasPositiveValue();
            assertStored(cloud, barrage.steps());
            assertRejected(cloud, barrage.poison());
            assertThat(cloud.column(MISCOUNTED)).isEmpty();
            assertThat(cloud.column("SELECT task_id FROM tasks WHERE status <> 'succeeded' OR NOT start_received"))
                    .isEmpty();
            assertThat(cloud.waiting(cloud.deadLetters)).isZero();
        } catch (Exception | AssertionError e) {
            throw new AssertionError("with -Dsteptrail.chaos=" + STEPS + " -Dsteptrail.chaos.seed=" + seed, e);
        }
    }

    private static <T> List<T> part(List<T> all, int part, int parts) {
        return all.subList(all.size() * part / parts, all.size() * (part + 1) / parts);
    }

    /** Changes the template to small batches and three concurrent pollers. */
    private static String crowded(String template) {
        String text = changed(template, "BatchSize: 100", "BatchSize: 5");
        text = changed(text, "MaximumBatchingWindowInSeconds: 1", "MaximumBatchingWindowInSeconds: 0");
        Matcher queue = QUEUE_EVENT.matcher(text);
        assertThat(queue.find()).isTrue();
        String source = queue.group();
        return changed(text, source, source + "        More:\n" + source + "        Most:\n" + source);
    }

    /** Sets a visibility timeout below the function's, so that messages are redelivered during processing. */
    private static void hurry(FragileCloud cloud) {
        cloud.sqs.setQueueAttributes(request ->
                request.queueUrl(cloud.queue).attributes(Map.of(QueueAttributeName.VISIBILITY_TIMEOUT, "2")));
    }

    private String senderOf(Message message) {
        if (!message.attributes()
                .get(MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT)
                .equals("1")) {
            deliveredAgain.incrementAndGet();
        }
        return Senders.of(message);
    }

    /** Sends messages while a table lock blocks ingest, then kills Postgres during a write. */
    private static void killWhileItWrites(
            FragileCloud cloud, Senders senders, List<LoadGenerator.Shipment> shipments, String heldAt, Random random)
            throws Exception {
        if (heldAt.isEmpty()) {
            senders.send(shipments);
            Thread.sleep(random.nextInt(200));
            cloud.postgres.kill();
            return;
        }
        try (Connection connection = cloud.database();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("LOCK TABLE " + heldAt + " IN ACCESS EXCLUSIVE MODE");
            senders.send(shipments);
            until("ingest hangs", () -> cloud.number("SELECT count(*) FROM pg_locks WHERE NOT granted") > 0);
            cloud.postgres.kill();
        }
    }

    private static void untilTheQueueIsEmpty(FragileCloud cloud) throws InterruptedException {
        until("the queue is empty", () -> cloud.waiting(cloud.queue) + cloud.inFlight(cloud.queue) == 0);
    }

    private static void assertStored(FragileCloud cloud, List<Step> sent) throws Exception {
        Map<String, JsonNode> expected = new HashMap<>();
        for (Step step : sent) {
            expected.put(step.taskId() + "." + step.stepNumber(), asStored(step));
        }
        List<String> rows = cloud.column(STORED);
        assertThat(rows).hasSameSizeAs(sent);
        for (String row : rows) {
            JsonNode stored = JSON.readTree(row);
            String id = stored.get("task_id").textValue() + "." + stored.get("step_number");
            assertThat(stored).as(id).isEqualTo(expected.remove(id));
        }
        assertThat(expected).isEmpty();
    }

    /** Returns the expected row: the fields of the step's message and the path of its first screenshot. */
    private static JsonNode asStored(Step step) throws IOException {
        ObjectNode json = (ObjectNode) JSON.readTree(RecordCodec.encode(step));
        json.remove(List.of("v", "record"));
        if (!step.screenshots().isEmpty()) {
            json.put("screenshot_path", step.screenshots().get(0).screenshotPath());
        }
        return json;
    }

    private static void assertRejected(FragileCloud cloud, List<LoadGenerator.Poison> poison) throws Exception {
        assertThat(cloud.column("SELECT sender_id || ' ' || reason || ' ' || body FROM rejected_messages"))
                .containsExactlyInAnyOrderElementsOf(poison.stream()
                        .map(bad -> bad.shipment().senderId() + " " + bad.reason() + " "
                                + bad.shipment().body().text())
                        .toList());
    }
}
