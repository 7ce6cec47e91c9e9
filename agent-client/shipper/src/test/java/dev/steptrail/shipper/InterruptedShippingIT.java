package dev.steptrail.shipper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.shipper.fixture.InterruptibleProxy;
import dev.steptrail.shipper.fixture.Screens;
import dev.steptrail.shipper.fixture.Waiting;
import dev.steptrail.stepformat.FrameRole;
import dev.steptrail.stepformat.Step;
import dev.steptrail.stepformat.TaskRecords;
import dev.steptrail.tracker.internal.outbox.TaskWriter;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Interrupts SQS and S3 and kills shippers while agents write. All records must arrive. */
@Tag("slow")
class InterruptedShippingIT extends LocalAwsTestBase {
    private static final int STEPS = 180;
    private static final int TASKS = 3;

    private final Random random = new Random(11);
    private final List<TaskRecords> tasks = new ArrayList<>();
    private final QueueConsumer arrivals = new QueueConsumer(aws);

    @Test
    void interruptedSqsAndS3_allRecordsArrive_andMessagesReferenceOnlyStoredObjects() throws Exception {
        try (InterruptibleProxy sqs =
                        new InterruptibleProxy(URI.create(aws.environment().get("AWS_ENDPOINT_URL_SQS")));
                InterruptibleProxy s3 =
                        new InterruptibleProxy(URI.create(aws.environment().get("AWS_ENDPOINT_URL_S3")));
                Shipper shipper = open(through(sqs, s3))) {
            Thread shipping = new Thread(new ShipLoop(shipper, Duration.ofMillis(1)));
            shipping.start();
            Thread writing = write();
            for (int i = 0; i < 2; i++) {
                InterruptibleProxy gate = i == 0 ? sqs : s3;
                Thread.sleep(100 + random.nextInt(200));
                gate.shut();
                // Longer than the three attempts of a request.
                Thread.sleep(1_000 + random.nextInt(500));
                gate.open();
                arrivals.receive();
            }
            writing.join();
            Waiting.until(() -> outbox.tasks().isEmpty());
            shipping.interrupt();
            shipping.join();
        }
        assertAllArrived();
    }

    @Test
    void killedShipper_nextShipperDeliversTheRest() throws Exception {
        Thread writing = write();
        for (int i = 0; i < 3; i++) {
            Process shipper = startShipper();
            try {
                // It is shipping once it prints its first line; the time of the kill is random.
                shipper.getInputStream().read();
                Thread.sleep(random.nextInt(1_500));
            } finally {
                shipper.destroyForcibly().waitFor();
            }
            arrivals.receive();
        }
        writing.join();
        Process last = startShipper();
        try {
            Waiting.until(() -> outbox.tasks().isEmpty());
        } finally {
            last.destroyForcibly().waitFor();
        }
        assertAllArrived();
    }

    private Map<String, String> through(InterruptibleProxy sqs, InterruptibleProxy s3) {
        Map<String, String> environment = new HashMap<>(aws.environment());
        environment.put("AWS_ENDPOINT_URL_SQS", sqs.url());
        environment.put("AWS_ENDPOINT_URL_S3", s3.url());
        return environment;
    }

    private Process startShipper() throws Exception {
        ProcessBuilder command = ShippingProcess.of(outbox).redirectError(ProcessBuilder.Redirect.DISCARD);
        command.environment().putAll(aws.environment());
        return command.start();
    }

    /** Writes several tasks concurrently; some steps have a screenshot. */
    private Thread write() {
        for (int i = 0; i < TASKS; i++) {
            tasks.add(TaskRecords.newTask());
        }
        Thread writing = new Thread(() -> {
            try (TaskWriter first = outbox.newTask(tasks.get(0).task());
                    TaskWriter second = outbox.newTask(tasks.get(1).task());
                    TaskWriter third = outbox.newTask(tasks.get(2).task())) {
                List<TaskWriter> writers = List.of(first, second, third);
                for (int i = 0; i < TASKS; i++) {
                    writers.get(i).append(tasks.get(i).started());
                }
                for (int number = 1; number <= STEPS; number++) {
                    for (int i = 0; i < TASKS; i++) {
                        append(number, tasks.get(i), writers.get(i));
                    }
                    Thread.sleep(25);
                }
                for (int i = 0; i < TASKS; i++) {
                    writers.get(i).append(tasks.get(i).ended());
                }
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        writing.start();
        return writing;
    }

    private static void append(int number, TaskRecords task, TaskWriter writer) throws Exception {
        if (number % 30 == 1) {
            byte[] screen = Screens.small(1 + number % 4);
            writer.append(task.step(number, "", writer.writeFrame(number, FrameRole.BEFORE, screen, false, null)));
        } else {
            writer.append(task.step(number, "step " + number));
        }
    }

    private void assertAllArrived() throws Exception {
        arrivals.receive();
        assertThat(arrivals.size()).isEqualTo(TASKS * (STEPS + 2));
        for (TaskRecords task : tasks) {
            Map<Integer, Step> steps = arrivals.steps(task.task());
            assertThat(steps).hasSize(STEPS);
            for (int number = 1; number <= STEPS; number += 30) {
                assertThat(steps.get(number).screenshots()).hasSize(1);
            }
        }
        assertThat(outbox.folder().resolve("rejected")).doesNotExist();
    }
}
