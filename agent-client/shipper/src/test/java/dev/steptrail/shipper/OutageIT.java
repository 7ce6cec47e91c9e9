package dev.steptrail.shipper;

import static java.nio.file.StandardOpenOption.APPEND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.steptrail.shipper.fixture.MovableClock;
import dev.steptrail.shipper.fixture.Screens;
import dev.steptrail.shipper.internal.state.ShipperState;
import dev.steptrail.stepformat.FrameRole;
import dev.steptrail.stepformat.Step;
import dev.steptrail.stepformat.StepRecord;
import dev.steptrail.tracker.internal.outbox.Outbox;
import dev.steptrail.tracker.internal.outbox.OutboxTask;
import dev.steptrail.tracker.internal.outbox.TaskWriter;
import java.io.IOException;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;

/** Problems that prevent delivery are reported, and nothing is lost. */
@Tag("slow")
class OutageIT extends LocalAwsTestBase {
    private static final String WRONG_SECRET =
            "AWS_SECRET_ACCESS_KEY does not match AWS_ACCESS_KEY_ID (S3 rejected the signature): set both to the same"
                    + " access key";

    private static final String UNKNOWN_KEY = "AWS_ACCESS_KEY_ID is not a valid access key (rejected by S3)";

    /** The number of attempts; increase it by {@code -Dsteptrail.refusals=100}. */
    private static final int REFUSALS = Integer.getInteger("steptrail.refusals", 1);

    @Test
    void unusableQueueOrBucket_isReported_andNothingIsLost() throws Exception {
        writeWithFrame();
        assertThatThrownBy(() -> ship(aws.environment("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:1")))
                .isInstanceOf(ShipException.class)
                .hasMessageStartingWith("S3 cannot be reached")
                .hasMessageEndingWith("check the network and AWS_ENDPOINT_URL_S3");
        aws.deleteBucket();
        assertThatThrownBy(this::ship)
                .isInstanceOf(ShipException.class)
                .hasMessage("STEPTRAIL_BUCKET: the bucket " + aws.environment().get("STEPTRAIL_BUCKET")
                        + " does not exist");
        aws.createBucket();
        assertThatThrownBy(() -> ship(aws.environment("AWS_ENDPOINT_URL_SQS", "http://127.0.0.1:1")))
                .hasMessageStartingWith("SQS cannot be reached")
                .hasMessageEndingWith("check the network and AWS_ENDPOINT_URL_SQS");
        assertThat(aws.messages()).isEmpty();
        aws.deleteQueue();

        assertThatThrownBy(this::ship)
                .isInstanceOf(ShipException.class)
                .hasMessageStartingWith(
                        "STEPTRAIL_QUEUE_URL: the queue " + aws.environment().get("STEPTRAIL_QUEUE_URL"))
                .hasMessageEndingWith("does not exist");
        // Objects are stored before the message that references them is sent.
        assertThat(aws.keys()).hasSize(2);
        assertNothingCountsAsShipped();

        aws.createQueue();
        ship();
        assertDelivered();
    }

    /** S3Proxy may close the connection before or after the client sends the content, so each size is repeated. */
    @Test
    void rejection_anySizeAndTimeOfDisconnect_isReported() {
        for (int attempt = 0; attempt < REFUSALS; attempt++) {
            for (int size : new int[] {1, 20_000, 5_000_000}) {
                assertRefused(size, "AWS_SECRET_ACCESS_KEY", "wrong", WRONG_SECRET);
                assertRefused(size, "AWS_ACCESS_KEY_ID", "unknown", UNKNOWN_KEY);
                assertRefused(
                        size, "STEPTRAIL_BUCKET", "missing", "STEPTRAIL_BUCKET: the bucket missing does not exist");
            }
        }
    }

    private void assertRefused(int size, String variable, String value, String message) {
        ShipperSettings settings = ShipperSettings.from(aws.environment(variable, value));
        try (AwsClients clients = new AwsClients(settings)) {
            ScreenshotBucket bucket = new ScreenshotBucket(settings, clients);
            assertThatThrownBy(() -> bucket.put("key", new byte[size], "image/webp"))
                    .as("%s bytes", size)
                    .hasMessage(message);
        }
    }

    @Test
    void brokenConnection_isReported_andNothingIsStored() {
        ExecutionInterceptor breaking = new ExecutionInterceptor() {
            @Override
            public void beforeTransmission(Context.BeforeTransmission context, ExecutionAttributes attributes) {
                if (context.httpRequest().firstMatchingHeader("Expect").isPresent()) {
                    throw SdkClientException.create("the connection broke", new SocketException("Broken pipe"));
                }
            }
        };
        ShipperSettings settings = ShipperSettings.from(aws.environment());
        try (AwsClients clients = new AwsClients(settings, breaking)) {
            ScreenshotBucket bucket = new ScreenshotBucket(settings, clients);
            assertThatThrownBy(() -> bucket.put("key", new byte[1], "image/webp"))
                    .hasMessageStartingWith("S3 cannot be reached (the connection broke");
        }
        assertThat(aws.keys()).isEmpty();
    }

    @Test
    void outage_reportsAndKeepsRejectedLineOnce() throws Exception {
        write(task.started());
        Files.writeString(steps(), "no record\n", APPEND);
        aws.deleteQueue();
        try (Shipper shipper = open(Clock.systemUTC())) {
            for (int i = 0; i < 3; i++) {
                assertThatThrownBy(shipper::shipAll).isInstanceOf(ShipException.class);
            }
            assertThat(shipper.counts().rejected()).isZero();
            aws.createQueue();
            shipper.shipAll();

            assertThat(shipper.counts().rejected()).isEqualTo(1);
            assertThat(steps().resolveSibling("rejected.jsonl")).hasContent("no record\n");
        }
    }

    @Test
    void outage_isReportedWithStartTime_untilItIsOver() throws Exception {
        write(task.started(), task.ended());
        aws.deleteQueue();
        MovableClock clock = new MovableClock();
        try (Shipper shipper = open(clock)) {
            assertThatThrownBy(shipper::shipAll).isInstanceOf(ShipException.class);
            ShipperState.Problem problem =
                    ShipperState.read(outbox).orElseThrow().problem();
            assertThat(problem).isNotNull();
            assertThat(problem.kind()).isEqualTo("queue");
            assertThat(problem.message()).startsWith("STEPTRAIL_QUEUE_URL: the queue ");
            assertThat(problem.since()).isEqualTo(clock.instant());

            clock.forward(90);
            assertThatThrownBy(shipper::shipAll).isInstanceOf(ShipException.class);
            ShipperState later = ShipperState.read(outbox).orElseThrow();
            assertThat(later.problem()).isEqualTo(problem);
            assertThat(later.updatedAt()).isEqualTo(clock.instant());
            assertThat(later.lastSuccessAt()).isNull();
        }
        // The next shipper with the same problem continues with its start time.
        try (Shipper next = open(clock)) {
            assertThatThrownBy(next::shipAll).isInstanceOf(ShipException.class);
            assertThat(ShipperState.read(outbox).orElseThrow().problem())
                    .extracting(ShipperState.Problem::since)
                    .isEqualTo(clock.instant().minusSeconds(90));
            aws.createQueue();
            next.shipAll();
        }
        ShipperState over = ShipperState.read(outbox).orElseThrow();
        assertThat(over.problem()).isNull();
        assertThat(over.lastSuccessAt()).isEqualTo(clock.instant());
        assertThat(over.sender()).isEqualTo("sender");
        assertThat(over.counts()).containsEntry("records", 2L).containsEntry("tasks", 1L);
        assertThat(Files.getPosixFilePermissions(outbox.folder().resolve(".shipper.json")))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }

    @Test
    void malformedStateFile_isReplaced() throws Exception {
        Files.writeString(outbox.folder().resolve(".shipper.json"), "{\"v\":1,\"sta");
        assertThat(ShipperState.read(outbox)).isEmpty();

        ship();

        assertThat(ShipperState.read(outbox)).isPresent();
    }

    @Test
    void crashBetweenSendAndAcknowledge_sendsSameRecordsAgain() throws Exception {
        writeWithFrame();
        Path copy = folder.resolve("copy");
        copy(outbox.folder(), copy);
        ship();
        List<StepRecord> first = aws.records();

        try (Shipper again = Shipper.open(Outbox.open(copy), ShipperSettings.from(aws.environment()))
                .orElseThrow()) {
            again.shipAll();
        }

        assertThat(aws.records()).isEqualTo(first);
        assertThat(aws.keys()).hasSize(2);
    }

    private void writeWithFrame() throws IOException {
        try (TaskWriter writer = outbox.newTask(task.task())) {
            writer.append(task.started());
            writer.append(task.step(1, "one", writer.writeFrame(1, FrameRole.BEFORE, Screens.small(2), false, null)));
            writer.append(task.ended());
        }
    }

    private void assertNothingCountsAsShipped() throws IOException {
        OutboxTask kept = outbox.task(task.task()).orElseThrow();
        assertThat(kept.shipped()).isZero();
        assertThat(kept.readFrame("frames/1-before.png")).isEqualTo(Screens.small(2));
    }

    private void assertDelivered() throws Exception {
        List<StepRecord> records = aws.records();
        assertThat(records).hasSize(3).startsWith(task.started()).endsWith(task.ended());
        assertThat(((Step) records.get(1)).screenshots()).hasSize(1);
        assertThat(outbox.tasks()).isEmpty();
    }

    private static void copy(Path from, Path to) throws IOException {
        try (var all = Files.walk(from)) {
            for (Path path : all.toList()) {
                Path copy = to.resolve(from.relativize(path).toString());
                Files.copy(path, copy);
                Files.setLastModifiedTime(copy, FileTime.from(Instant.now()));
            }
        }
    }
}
