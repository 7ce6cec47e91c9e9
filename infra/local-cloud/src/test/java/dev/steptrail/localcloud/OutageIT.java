package dev.steptrail.localcloud;

import static dev.steptrail.stepformat.Waiting.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.store.model.Agent;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sqs.model.Message;

/** A message that ingest can never store does not block others. The template's timeouts are shortened. */
@Tag("slow")
@Order(Integer.MAX_VALUE - 1)
class OutageIT {
    private static final String TASK = "019ca8d7-2d00-7614-be0c-a34679c541d";
    private static final int MAX_RECEIVES = 2;

    private static FragileCloud cloud;

    @BeforeAll
    static void start() throws Exception {
        cloud = FragileCloud.start(
                OutageIT::shortenTimeouts,
                message -> LocalDeployment.SENDER,
                List.of(new Agent(LocalDeployment.SENDER, "demo", List.of())));
    }

    @AfterAll
    static void stop() {
        cloud.close();
    }

    @Test
    void messageThatAlwaysCrashesIngest_endsInTheDeadLetterQueue_andOthersAreStored() throws Exception {
        String task = TASK + "2";
        cloud.execute("""
                CREATE FUNCTION crash() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    IF NEW.step_type = 'crash' THEN
                        PERFORM pg_terminate_backend(pg_backend_pid());
                        PERFORM pg_sleep(1);
                    END IF;
                    RETURN NEW;
                END $$;
                CREATE TRIGGER crash BEFORE INSERT ON task_steps FOR EACH ROW EXECUTE FUNCTION crash()
                """);
        String crash = step(task, 1, "crash");
        send(crash);

        until("it is given up", () -> cloud.waiting(cloud.deadLetters) == 1);
        send(step(task, 2, "action"));

        until("the next is written", () -> steps(task) == 1);
        List<Message> dead = cloud.sqs
                .receiveMessage(request -> request.queueUrl(cloud.deadLetters))
                .messages();
        assertThat(dead).extracting(Message::body).containsExactly(crash);
        assertThat(cloud.number("SELECT count(*) FROM rejected_messages")).isZero();
        // The poller deletes a message only after ingest has returned.
        until("the queue is empty", () -> cloud.waiting(cloud.queue) + cloud.inFlight(cloud.queue) == 0);
    }

    /** Shortens the visibility timeout to seconds, and lowers the number of attempts. */
    private static String shortenTimeouts(String template) {
        String text =
                FragileCloud.changed(template, "    Timeout: 30\n", "    Timeout: 7\n"); // ingest reserves 5 s of it
        text = FragileCloud.changed(text, "VisibilityTimeout: 360", "VisibilityTimeout: 7");
        return FragileCloud.changed(text, "maxReceiveCount: 250", "maxReceiveCount: " + MAX_RECEIVES);
    }

    private static int steps(String task) {
        return cloud.number("SELECT count(*) FROM task_steps WHERE task_id = '" + task + "'");
    }

    private static void send(String record) {
        cloud.sqs.sendMessage(request -> request.queueUrl(cloud.queue).messageBody(record));
    }

    /** Returns a message with one step. */
    private static String step(String task, int number, String type) {
        return ("{\"v\":1,\"records\":[{\"v\":1,\"record\":\"step\",\"task_id\":\"%s\",\"timestamp\":"
                        + "\"2026-05-14T09:41:%02dZ\",\"step_number\":%d,\"step_type\":\"%s\"}]}")
                .formatted(task, number, number, type);
    }
}
