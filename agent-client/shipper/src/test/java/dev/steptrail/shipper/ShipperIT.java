package dev.steptrail.shipper;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.APPEND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.steptrail.stepformat.Ending;
import dev.steptrail.stepformat.Frame;
import dev.steptrail.stepformat.FrameRole;
import dev.steptrail.stepformat.MessageBody;
import dev.steptrail.stepformat.MessageCodec;
import dev.steptrail.stepformat.MessageRecord;
import dev.steptrail.stepformat.RecordCodec;
import dev.steptrail.stepformat.Screenshot;
import dev.steptrail.stepformat.Step;
import dev.steptrail.stepformat.StepRecord;
import dev.steptrail.stepformat.TaskEnded;
import dev.steptrail.stepformat.TaskStatus;
import dev.steptrail.tracker.outbox.Outbox;
import dev.steptrail.tracker.outbox.OutboxTask;
import dev.steptrail.tracker.outbox.TaskWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the outbox holds, shipped to a real SQS and a real S3. */
class ShipperIT {
    @TempDir
    Path folder;

    private final LocalAws aws = new LocalAws();
    private final TaskRecords task = TaskRecords.newTask();
    private Outbox outbox;

    @BeforeEach
    void open() throws IOException {
        outbox = Outbox.in(folder.resolve("outbox"));
    }

    @Test
    void aTaskThatEnded_isDeliveredAndItsFolderGone() throws Exception {
        byte[] screen = Screens.drawn(1);
        try (TaskWriter writer = outbox.newTask(task.task())) {
            writer.append(task.started());
            writer.append(task.step(1, "one", writer.writeFrame(1, FrameRole.BEFORE, screen, true, TaskRecords.TIME)));
            writer.append(task.ended());
        }

        ShipCounts counts = ship();

        List<StepRecord> records = aws.records();
        assertThat(records).hasSize(3).contains(task.started(), task.ended());
        Step step = (Step) records.get(1);
        assertThat(step.frames()).isEmpty();
        Screenshot screenshot = step.screenshots().get(0);
        byte[] stored = aws.object(screenshot.screenshotPath());
        assertThat(WebpHeader.of(stored)).isEqualTo(new WebpHeader(1080, 2400));
        assertThat(screenshot.screenshotPath())
                .isEqualTo("screenshots/sender/" + task.task() + "/" + screenshot.fileHash() + ".webp");
        assertThat(screenshot.fileSize()).isEqualTo(stored.length);
        assertThat(screenshot.originalSize()).isEqualTo(screen.length);
        assertThat(List.of(screenshot.width(), screenshot.height())).containsExactly(1080, 2400);
        assertThat(screenshot.format()).isEqualTo("webp");
        assertThat(screenshot.sensitive()).isTrue();
        assertThat(screenshot.capturedAt()).isEqualTo(TaskRecords.TIME);
        assertThat(outbox.folder().resolve(task.task().toString())).doesNotExist();
        assertThat(List.of(counts.records(), counts.screenshots(), counts.tasks(), counts.messages()))
                .containsExactly(3L, 1L, 1L, 1L);
    }

    @Test
    void aTaskThatIsBeingWritten_isShippedAsFarAsItIs() throws Exception {
        try (TaskWriter writer = outbox.newTask(task.task());
                Shipper shipper = open(Clock.systemUTC())) {
            writer.append(task.started());
            writer.append(task.step(1, "one", writer.writeFrame(1, FrameRole.BEFORE, Screens.drawn(1), false, null)));
            shipper.shipAll();
            assertThat(aws.records()).hasSize(2);
            assertThat(outbox.folder().resolve(task.task() + "/frames")).isEmptyDirectory();

            writer.append(task.step(2, "two"));
            writer.append(task.ended());
            shipper.shipAll();
            assertThat(aws.records()).containsExactly(task.step(2, "two"), task.ended());
            assertThat(outbox.task(task.task())).isPresent();
        }
        ship();
        assertThat(outbox.tasks()).isEmpty();
        assertThat(aws.records()).isEmpty();
    }

    @Test
    void manySteps_goInMessagesOfAtMostTwenty() throws Exception {
        List<StepRecord> written = new ArrayList<>();
        written.add(task.started());
        for (int number = 1; number <= 49; number++) {
            written.add(task.step(number, "想".repeat(number)));
        }
        write(written.toArray(StepRecord[]::new));

        ShipCounts counts = ship();

        assertThat(aws.records()).containsExactlyInAnyOrderElementsOf(written);
        assertThat(counts.messages()).isEqualTo(3);
    }

    @Test
    void aPictureOfManySteps_isStoredOnce() throws Exception {
        try (TaskWriter writer = outbox.newTask(task.task())) {
            writer.append(task.started());
            for (int number = 1; number <= 3; number++) {
                writer.append(task.step(
                        number, "", writer.writeFrame(number, FrameRole.BEFORE, Screens.drawn(1), false, null)));
            }
            writer.append(task.ended());
        }

        assertThat(ship().screenshots()).isEqualTo(3);
        assertThat(aws.keys()).hasSize(1);
    }

    @Test
    void aQueueThatIsMissing_isNamed_andNothingIsLost() throws Exception {
        writeWithFrame();
        aws.deleteQueue();

        assertThatThrownBy(this::ship)
                .isInstanceOf(ShipException.class)
                .hasMessageStartingWith(
                        "STEPTRAIL_QUEUE_URL: the queue " + aws.environment().get("STEPTRAIL_QUEUE_URL"))
                .hasMessageEndingWith("does not exist");
        // What a message names is stored before it is sent.
        assertThat(aws.keys()).hasSize(1);
        assertNothingCountsAsShipped();

        aws.createQueue();
        ship();
        assertDelivered();
    }

    @Test
    void aBucketThatIsMissing_isNamed_andNothingIsLost() throws Exception {
        writeWithFrame();
        aws.deleteBucket();

        assertThatThrownBy(this::ship)
                .isInstanceOf(ShipException.class)
                .hasMessage("STEPTRAIL_BUCKET: the bucket " + aws.environment().get("STEPTRAIL_BUCKET")
                        + " does not exist");
        assertThat(aws.messages()).isEmpty();
        assertNothingCountsAsShipped();

        aws.createBucket();
        ship();
        assertDelivered();
    }

    @Test
    void aWrongSecret_isNamed_andNothingIsLost() throws Exception {
        writeWithFrame();

        assertThatThrownBy(() -> ship(aws.environment("AWS_SECRET_ACCESS_KEY", "wrong")))
                .isInstanceOf(ShipException.class)
                .hasMessage("AWS_SECRET_ACCESS_KEY: S3 refuses the signature, so the secret does not belong to"
                        + " AWS_ACCESS_KEY_ID");
        assertNothingCountsAsShipped();

        ship();
        assertDelivered();
    }

    @Test
    void aKeyThatNobodyKnows_isNamed() throws Exception {
        writeWithFrame();

        assertThatThrownBy(() -> ship(aws.environment("AWS_ACCESS_KEY_ID", "unknown")))
                .hasMessage("AWS_ACCESS_KEY_ID: S3 does not know it");
    }

    @Test
    void whereNobodyListens_theEndpointIsNamed_andNothingIsLost() throws Exception {
        writeWithFrame();

        assertThatThrownBy(() -> ship(aws.environment("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:1")))
                .isInstanceOf(ShipException.class)
                .hasMessageStartingWith("S3 cannot be reached")
                .hasMessageEndingWith("check the network and AWS_ENDPOINT_URL_S3");
        assertThatThrownBy(() -> ship(aws.environment("AWS_ENDPOINT_URL_SQS", "http://127.0.0.1:1")))
                .hasMessageStartingWith("SQS cannot be reached")
                .hasMessageEndingWith("check the network and AWS_ENDPOINT_URL_SQS");
        assertNothingCountsAsShipped();

        ship();
        assertDelivered();
    }

    @Test
    void anOutage_tellsAndKeepsARejectedLineOnce() throws Exception {
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
    void aShipperThatDiesBetweenSendingAndRemembering_sendsTheSameAgain() throws Exception {
        writeWithFrame();
        Path copy = folder.resolve("copy");
        copy(outbox.folder(), copy);
        ship();
        List<StepRecord> first = aws.records();

        try (Shipper again = Shipper.open(Outbox.in(copy), ShipperSettings.from(aws.environment()))
                .orElseThrow()) {
            again.shipAll();
        }

        assertThat(aws.records()).isEqualTo(first);
        assertThat(aws.keys()).hasSize(1);
    }

    @Test
    void linesThatAreNoRecordsOfTheTask_areKeptAside_andTheOthersDelivered() throws Exception {
        TaskRecords foreign = TaskRecords.newTask();
        write(task.started());
        Files.writeString(steps(), "{\"v\":1,\"torn\n\n{\"v\":1}\n", APPEND);
        appendLine(foreign.step(1, "not here"));
        appendLine(task.step(1, "one"));
        appendLine(task.ended());

        ShipCounts counts = ship();

        assertThat(aws.records()).containsExactly(task.started(), task.step(1, "one"), task.ended());
        assertThat(counts.rejected()).isEqualTo(3);
        assertThat(outbox.tasks()).isEmpty();
        assertThat(Files.readAllLines(outbox.folder().resolve("rejected/" + task.task() + ".jsonl")))
                .hasSize(3)
                .startsWith("{\"v\":1,\"torn", "{\"v\":1}");
    }

    @Test
    void aRecordTooLargeForAMessage_isKeptAside_andTheOthersDelivered() throws Exception {
        write(task.started(), task.step(1, noise(500_000)), task.step(2, "two"), task.ended());

        assertThat(ship().rejected()).isEqualTo(1);
        assertThat(aws.records()).containsExactly(task.started(), task.step(2, "two"), task.ended());
    }

    @Test
    void largeRecords_goInMessagesThatReadersAndTheQueueTake() throws Exception {
        // Just under what a reader inflates, behind one with which it would be too much; then some that gzip cannot
        // shrink.
        List<StepRecord> written = new ArrayList<>(List.of(
                task.started(), task.step(1, noise(60_000)), task.step(2, "x".repeat(8 * 1024 * 1024 - 2_000))));
        for (int number = 3; number < 12; number++) {
            written.add(task.step(number, noise(number % 2 == 0 ? 100 : 150_000)));
        }
        written.add(task.ended());
        write(written.toArray(StepRecord[]::new));

        assertThat(ship().rejected()).isZero();

        List<MessageBody> messages = aws.messages();
        assertThat(messages).allMatch(message -> message.text().length() <= 240 * 1024);
        List<StepRecord> arrived = new ArrayList<>();
        for (MessageBody message : messages) {
            for (MessageRecord record : MessageCodec.decode(message)) {
                arrived.add(((MessageRecord.Valid) record).record());
            }
        }
        assertThat(arrived).containsExactlyInAnyOrderElementsOf(written);
    }

    @Test
    void textThatSqsDoesNotTakeAsItIs_isDeliveredAllTheSame() throws Exception {
        Step odd = task.step(1, "a\uFFFEb\uFFFFc\u0001\u007f");
        write(task.started(), odd, task.ended());

        ship();

        assertThat(aws.records()).containsExactly(task.started(), odd, task.ended());
    }

    @Test
    void frameThatIsMissingOrBroken_isALossOfItsStep_notOfTheStep() throws Exception {
        byte[] screen = Screens.drawn(1);
        try (TaskWriter writer = outbox.newTask(task.task())) {
            Frame missing = writer.writeFrame(1, FrameRole.BEFORE, screen, false, null);
            Frame cut = writer.writeFrame(1, FrameRole.AFTER, Arrays.copyOf(screen, 3000), false, null);
            Frame good = writer.writeFrame(1, FrameRole.OTHER, screen, false, null);
            writer.append(task.started());
            writer.append(task.step(1, "one", missing, cut, good));
            writer.append(task.ended());
        }
        Files.delete(steps().resolveSibling(Path.of("frames", "1-before.png")));

        ShipCounts counts = ship();

        Step step = (Step) aws.records().get(1);
        assertThat(step.screenshots()).extracting(Screenshot::role).containsExactly(FrameRole.OTHER);
        assertThat(step.unknown())
                .isEqualTo(Map.of(
                        "lost_screenshots",
                        List.of(
                                Map.of("role", "before", "reason", "the frame's file is missing"),
                                Map.of("role", "after", "reason", "the picture cannot be decoded"))));
        assertThat(counts.lostScreenshots()).isEqualTo(2);
        assertThat(counts.screenshots()).isEqualTo(1);
        assertThat(outbox.tasks()).isEmpty();
    }

    @Test
    void aTaskWhoseWriterIsGone_isAbandonedAfterSixHours_notBefore() throws Exception {
        write(task.started(), task.step(1, "one"));
        Files.writeString(steps(), "{\"v\":1,\"rec", APPEND);
        Instant written = Files.getLastModifiedTime(steps()).toInstant();

        ship(written.plus(Duration.ofHours(6).minusMinutes(1)));
        assertThat(aws.records()).containsExactly(task.started(), task.step(1, "one"));
        assertThat(outbox.tasks()).hasSize(1);

        ShipCounts counts = ship(written.plus(Duration.ofHours(6).plusMinutes(1)));
        assertThat(aws.records())
                .containsExactly(new TaskEnded(
                        task.task(),
                        task.step(1, "one").timestamp(),
                        TaskStatus.ABANDONED,
                        Ending.ABANDONED,
                        "the agent went away",
                        null,
                        Map.of()));
        assertThat(outbox.tasks()).isEmpty();
        assertThat(counts.rejected()).isEqualTo(1);
        assertThat(outbox.folder().resolve("rejected/" + task.task() + ".jsonl"))
                .hasContent("{\"v\":1,\"rec\n");
    }

    @Test
    void aTaskWhoseWriterLives_isNeverAbandoned() throws Exception {
        try (TaskWriter writer = outbox.newTask(task.task())) {
            writer.append(task.started());
            ship(Instant.now().plus(Duration.ofDays(9)));

            assertThat(aws.records()).containsExactly(task.started());
            assertThat(outbox.tasks()).hasSize(1);
        }
    }

    @Test
    void aTaskThatEndedAndHasMoreBehindItsEnd_isNotCalledAbandoned() throws Exception {
        write(task.started(), task.ended());
        Files.writeString(steps(), "left over", APPEND);

        ship(Instant.now().plus(Duration.ofHours(7)));

        assertThat(aws.records()).containsExactly(task.started(), task.ended());
        assertThat(outbox.tasks()).isEmpty();
    }

    @Test
    void aFolderInWhichNothingWasWritten_goesAfterSixHoursWithoutAWord() throws Exception {
        outbox.newTask(task.task()).close();
        ship();
        assertThat(outbox.tasks()).hasSize(1);

        ship(Instant.now().plus(Duration.ofHours(7)));
        assertThat(outbox.tasks()).isEmpty();
        assertThat(aws.messages()).isEmpty();
    }

    @Test
    void aFolderThatCannotBeRead_holdsUpNoOther() throws Exception {
        UUID bad = new UUID(0, 0);
        Files.createDirectories(outbox.folder().resolve(bad + "/steps.jsonl"));
        write(task.started(), task.ended());

        assertThatThrownBy(this::ship).isInstanceOf(IOException.class).hasMessageContaining(bad.toString());

        assertThat(aws.records()).hasSize(2);
        assertThat(outbox.tasks()).extracting(OutboxTask::id).containsExactly(bad);
    }

    @Test
    void anOutboxHasOneShipper() throws Exception {
        try (Shipper shipper = open(Clock.systemUTC())) {
            assertThat(shipper).isNotNull();
            assertThat(Shipper.open(outbox, ShipperSettings.from(aws.environment())))
                    .isEmpty();
        }
        open(Clock.systemUTC()).close();
    }

    @Test
    void aShipperThatCannotBeOpened_givesTheOutboxFree() throws Exception {
        Map<String, String> environment = new HashMap<>(aws.environment("STEPTRAIL_SENDER", ""));
        environment.put("AWS_ENDPOINT_URL_STS", "http://127.0.0.1:1");
        assertThatThrownBy(() -> ship(environment))
                .isInstanceOf(ShipException.class)
                .hasMessageStartingWith("STS cannot be reached");

        open(Clock.systemUTC()).close();
    }

    private void write(StepRecord... records) throws IOException {
        try (TaskWriter writer = outbox.newTask(task.task())) {
            for (StepRecord record : records) {
                writer.append(record);
            }
        }
    }

    private void writeWithFrame() throws IOException {
        try (TaskWriter writer = outbox.newTask(task.task())) {
            writer.append(task.started());
            writer.append(task.step(1, "one", writer.writeFrame(1, FrameRole.BEFORE, Screens.drawn(2), false, null)));
            writer.append(task.ended());
        }
    }

    private void assertNothingCountsAsShipped() throws IOException {
        OutboxTask kept = outbox.task(task.task()).orElseThrow();
        assertThat(kept.shipped()).isZero();
        assertThat(kept.readFrame("frames/1-before.png")).isEqualTo(Screens.drawn(2));
    }

    private void assertDelivered() throws Exception {
        List<StepRecord> records = aws.records();
        assertThat(records).hasSize(3).startsWith(task.started()).endsWith(task.ended());
        assertThat(((Step) records.get(1)).screenshots()).hasSize(1);
        assertThat(outbox.tasks()).isEmpty();
    }

    private void appendLine(StepRecord record) throws IOException {
        Files.writeString(steps(), new String(RecordCodec.encode(record), UTF_8) + "\n", APPEND);
    }

    private Path steps() {
        return outbox.folder().resolve(task.task().toString()).resolve("steps.jsonl");
    }

    private ShipCounts ship() throws IOException, ShipException {
        return ship(aws.environment());
    }

    private ShipCounts ship(Map<String, String> environment) throws IOException, ShipException {
        try (Shipper shipper =
                Shipper.open(outbox, ShipperSettings.from(environment)).orElseThrow()) {
            shipper.shipAll();
            return shipper.counts();
        }
    }

    private ShipCounts ship(Instant now) throws IOException, ShipException {
        try (Shipper shipper = open(Clock.fixed(now, ZoneOffset.UTC))) {
            shipper.shipAll();
            return shipper.counts();
        }
    }

    private Shipper open(Clock clock) throws IOException, ShipException {
        return Shipper.open(outbox, ShipperSettings.from(aws.environment()), clock)
                .orElseThrow();
    }

    /** Text that gzip makes no smaller than base64 makes it larger. */
    private static String noise(int length) {
        StringBuilder noise = new StringBuilder(length);
        new Random(7).ints(length, ' ', '~').forEach(c -> noise.append((char) c));
        return noise.toString();
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
