package dev.steptrail.shipper.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.steptrail.shipper.LocalAws;
import dev.steptrail.shipper.Screens;
import dev.steptrail.shipper.Shipper;
import dev.steptrail.shipper.ShipperSettings;
import dev.steptrail.stepformat.Ending;
import dev.steptrail.stepformat.Step;
import dev.steptrail.stepformat.StepRecord;
import dev.steptrail.stepformat.TaskEnded;
import dev.steptrail.stepformat.TaskStarted;
import dev.steptrail.stepformat.TaskStatus;
import dev.steptrail.tracker.outbox.FolderLock;
import dev.steptrail.tracker.outbox.Outbox;
import dev.steptrail.tracker.outbox.TaskWriter;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The command's exit codes and lines, against a real SQS and a real S3. */
class SteptrailIT {
    private static final UUID TASK = UUID.fromString("0190163d-8694-739b-aea5-966c26f8ad91");

    @TempDir
    Path folder;

    private final LocalAws aws = new LocalAws();
    private Path outbox;

    @BeforeEach
    void name() {
        outbox = folder.resolve("outbox");
    }

    /** What a run of the command left. */
    private record Run(int exitCode, String out, String err) {}

    @Test
    void wrongUsage_isOneLine_andExitCode2() {
        assertThat(run(aws.environment()).exitCode()).isEqualTo(2);
        assertThat(run(aws.environment()).err()).startsWith("steptrail: name a command: ship, ");
        assertThat(run(aws.environment(), "sail").err()).contains("'sail'");
        for (String[] wrong : new String[][] {
            {"sail"},
            {"ship", "--twice"},
            {"import"},
            {"import", "--zone", "Mars/Olympus", "x.json"},
            {"import", ""},
            {"import", "--screenshot", "a", "--screenshots", "b", "x.json"},
            {"import", "--screenshot", "a", "--no-screenshots", "x.json"}
        }) {
            Run run = run(aws.environment(), wrong);
            assertThat(run.exitCode()).as(wrong[0]).isEqualTo(2);
            assertThat(run.err().lines())
                    .singleElement()
                    .asString()
                    .startsWith("steptrail: ")
                    .endsWith(" --help");
            assertThat(run.err()).doesNotContain("java.");
        }
    }

    @Test
    void helpAndVersion_areExitCode0() {
        assertThat(run(Map.of(), "--help").out())
                .contains("import")
                .contains("ship")
                .contains("status");
        for (String command : List.of("import", "ship", "status")) {
            Run help = run(Map.of(), command, "--help");
            assertThat(help.exitCode()).isZero();
            assertThat(help.out()).contains("Usage: steptrail " + command);
        }
        assertThat(run(Map.of(), "--version").out()).startsWith("steptrail ");
    }

    @Test
    void ship_once_deliversAndTellsHowMuch() throws Exception {
        write();

        Run run = run(aws.environment(), "ship", "--once", "--outbox", outbox.toString());

        assertThat(run)
                .isEqualTo(new Run(
                        0,
                        "shipped 2 records and 0 screenshots; 1 tasks delivered to their end; as sender"
                                + System.lineSeparator(),
                        ""));
        assertThat(aws.records()).hasSize(2);
    }

    @Test
    void ship_withoutASetting_isOneLineThatNamesIt() {
        Run run = run(aws.environment("STEPTRAIL_BUCKET", ""), "ship", "--once", "--outbox", outbox.toString());

        assertFailed(run, "steptrail: STEPTRAIL_BUCKET is not set");
    }

    @Test
    void ship_toAQueueThatIsMissing_isOneLineThatNamesIt() throws Exception {
        write();
        aws.deleteQueue();

        assertFailed(
                run(aws.environment(), "ship", "--once", "--outbox", outbox.toString()),
                "steptrail: STEPTRAIL_QUEUE_URL: the queue");
        assertThat(Outbox.in(outbox).tasks()).hasSize(1);
    }

    @Test
    void ship_whereAnotherShips_isOneLine() throws Exception {
        try (FolderLock lock = Outbox.in(outbox).tryLock().orElseThrow()) {
            assertThat(lock).isNotNull();
            assertFailed(
                    run(aws.environment(), "ship", "--once", "--outbox", outbox.toString()),
                    "steptrail: the outbox " + outbox + " is being shipped by another process");
        }
    }

    @Test
    void anOutboxThatCannotBe_isOneLine() throws Exception {
        Files.createFile(outbox);

        for (String command : List.of("ship", "status")) {
            assertFailed(
                    run(aws.environment(), command, "--outbox", outbox.toString()),
                    "steptrail: the outbox " + outbox + " cannot be made");
        }
    }

    @Test
    void anOutboxThatIsNotThere_isNamed_andNotMade() {
        for (String command : List.of("ship", "status")) {
            assertFailed(
                    run(aws.environment(), command, "--outbox", outbox.toString()),
                    "steptrail: the outbox " + outbox + " does not exist: correct --outbox, or make the folder");
            assertFailed(
                    run(aws.environment("STEPTRAIL_OUTBOX", outbox.toString()), command),
                    "steptrail: the outbox " + outbox
                            + " does not exist: correct STEPTRAIL_OUTBOX, or make the folder");
        }
        assertThat(outbox).doesNotExist();
    }

    @Test
    void status_keepsNoShipperFromItsWork() throws Exception {
        write();
        try (FolderLock lock = Outbox.in(outbox).tryLock().orElseThrow()) {
            assertThat(lock).isNotNull();
            assertThat(run(Map.of(), "status", "--outbox", outbox.toString()).out())
                    .contains("shipper  at work");
        }
        AtomicBoolean enough = new AtomicBoolean();
        CompletableFuture<Void> looking = CompletableFuture.runAsync(() -> {
            while (!enough.get()) {
                run(Map.of(), "status", "--outbox", outbox.toString());
            }
        });
        for (int i = 0; i < 30; i++) {
            assertThat(run(aws.environment(), "ship", "--once", "--outbox", outbox.toString()))
                    .extracting(Run::exitCode, Run::err)
                    .containsExactly(0, "");
        }
        enough.set(true);
        looking.get(10, TimeUnit.SECONDS);
    }

    @Test
    void theOutbox_isThatOfTheEnvironmentWhereNoneIsNamed() throws Exception {
        Files.createDirectories(outbox);
        Run run = run(aws.environment("STEPTRAIL_OUTBOX", outbox.toString()), "status");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .contains("outbox   " + outbox)
                .contains("shipper  none")
                .contains("sender   sender (STEPTRAIL_SENDER)")
                .contains("tasks    0");
    }

    @Test
    void status_tellsWhatWaits() throws Exception {
        write();
        try (TaskWriter writer = Outbox.in(outbox).newTask(new UUID(0, 1))) {
            writer.append(started(new UUID(0, 1)));

            Run run = run(Map.of(), "status", "--outbox", outbox.toString());

            assertThat(run.out()).contains("tasks    2");
            assertThat(run.out().lines().filter(line -> line.startsWith(TASK.toString())))
                    .singleElement()
                    .satisfies(line -> assertThat(line).contains("gone").contains("bytes"));
            assertThat(run.out().lines().filter(line -> line.startsWith(new UUID(0, 1).toString())))
                    .singleElement()
                    .satisfies(line -> assertThat(line).contains("alive"));
        }
    }

    @Test
    void status_tellsWhatKeepsTheShipper_andForPrograms() throws Exception {
        write();
        aws.deleteQueue();
        assertThat(run(aws.environment(), "ship", "--once", "--outbox", outbox.toString())
                        .exitCode())
                .isEqualTo(1);

        String text = run(Map.of(), "status", "--outbox", outbox.toString()).out();
        assertThat(text).containsPattern("problem  since \\S+: STEPTRAIL_QUEUE_URL: the queue ");
        assertThat(text).containsPattern("waiting  0 steps in \\d+ bytes");

        JsonNode json = new ObjectMapper()
                .readTree(run(Map.of(), "status", "--json", "--outbox", outbox.toString())
                        .out());
        assertThat(json.path("shipper").path("problem").path("kind").asText()).isEqualTo("queue");
        assertThat(json.path("shipper_at_work").asBoolean()).isFalse();
        assertThat(json.path("unshipped_steps").asInt()).isZero();
        assertThat(json.path("oldest_unshipped_at").isNull()).isTrue();
        assertThat(json.path("tasks")).hasSize(1);
        assertThat(json.path("tasks").path(0).path("task_id").asText()).isEqualTo(TASK.toString());
        assertThat(json.path("bytes").asLong())
                .isGreaterThanOrEqualTo(json.path("unshipped_bytes").asLong())
                .isPositive();
    }

    @Test
    void import_shipsTheSamples_andAgainTheSame() throws Exception {
        String[] command = {
            "import",
            "--outbox",
            outbox.toString(),
            "--zone",
            "Asia/Shanghai",
            Screens.samples().toString()
        };
        Run first = run(aws.environment(), command);
        List<StepRecord> records = aws.records();
        Run second = run(aws.environment(), command);

        assertThat(first.exitCode()).isZero();
        assertThat(first.err()).isEmpty();
        assertThat(first.out().lines()).hasSize(5);
        assertThat(first.out())
                .contains("weather-finished.json: task ")
                .contains(", 28 steps, 28 screenshots")
                .contains("shipped 42 records and 34 screenshots; 4 tasks delivered to their end");
        assertThat(records).hasSize(42);
        assertThat(second).isEqualTo(first);
        assertThat(aws.records()).containsExactlyInAnyOrderElementsOf(records);
        assertThat(Outbox.in(outbox).tasks()).isEmpty();
    }

    @Test
    void import_namesWhatIsBad_andShipsTheRest() throws Exception {
        Path bad = Files.writeString(folder.resolve("bad.json"), "{\"metadata\":");
        Path none = folder.resolve("none.json");
        Path empty = Files.createDirectory(folder.resolve("empty"));

        Run run = run(
                aws.environment(),
                "import",
                "--outbox",
                outbox.toString(),
                bad.toString(),
                empty.toString(),
                none.toString(),
                Screens.sample("flight-launch-failed").toString());

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err().lines())
                .containsExactly(
                        "steptrail: " + bad + ": is no JSON, or breaks off (line 1, column 13)",
                        "steptrail: " + empty + ": holds no *.json",
                        "steptrail: " + none + ": does not exist");
        assertThat(run.out()).contains("shipped 3 records and 1 screenshots");
        assertThat(aws.records()).hasSize(3);
    }

    @Test
    void import_thatCannotShip_keepsWhatItImportedForTheNext() throws Exception {
        Path sample = Screens.sample("flight-launch-failed");
        Run wrong = run(
                aws.environment("AWS_SECRET_ACCESS_KEY", "wrong"),
                "import",
                "--outbox",
                outbox.toString(),
                sample.toString());
        assertFailed(wrong, "steptrail: AWS_SECRET_ACCESS_KEY: S3 refuses the signature");
        assertThat(wrong.out()).contains("1 steps, 1 screenshots");

        Run again = run(aws.environment(), "import", "--outbox", outbox.toString(), sample.toString());
        assertThat(again.exitCode()).isZero();
        assertThat(again.out()).contains("imported before and not yet shipped").contains("shipped 3 records");
    }

    @Test
    void import_ofARecordingWithoutItsPictures_namesTheFirst_andImportsTheOthersAndItselfLater() throws Exception {
        Path recording = Files.copy(Screens.sample("weather-finished"), folder.resolve("run.json"));
        Path other = Screens.sample("torch-no-steps");

        Run run = importing(recording, other);

        assertFailed(
                run,
                "steptrail: " + recording + ": step 1: the screenshot screenshots/step_001.png is not in " + folder
                        + "; put it right, or give --screenshots DIR");
        assertThat(run.out()).contains("shipped 2 records and 0 screenshots; 1 tasks delivered to their end");
        assertThat(aws.records()).hasSize(2);

        Run mended = importing(
                recording, "--screenshots", Screens.sample("weather-finished").resolveSibling("screenshots"));
        List<StepRecord> first = aws.records();
        Run again =
                importing("--screenshots", Screens.sample("weather-finished").getParent(), recording);

        assertThat(mended.exitCode()).isZero();
        assertThat(mended.out()).contains("shipped 7 records and 5 screenshots");
        assertThat(again).isEqualTo(mended);
        assertThat(aws.records()).containsExactlyInAnyOrderElementsOf(first);
    }

    @Test
    void import_withNoScreenshots_importsARecordingWithoutItsPictures() throws Exception {
        Path recording = Files.copy(Screens.sample("weather-finished"), folder.resolve("run.json"));

        Run run = importing(recording, "--no-screenshots");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains(", 5 steps, 0 screenshots").contains("shipped 7 records and 0 screenshots");
    }

    @Test
    void import_ofAStepTooLarge_namesIt_andShipsTheRest() throws Exception {
        Path recording = tooLarge();

        Run run = importing(recording, Screens.sample("torch-no-steps"));
        List<StepRecord> records = aws.records();
        Run again = importing(recording);

        assertFailed(run, "steptrail: " + recording + ": shipped without step 2 (");
        assertThat(run.err()).contains(" bytes), too large and kept in " + outbox.resolve("rejected"));
        assertThat(run.out()).contains("shipped 8 records").endsWith("; 1 lines rejected" + System.lineSeparator());
        assertThat(records).hasSize(8).noneMatch(record -> record instanceof Step step && step.stepNumber() == 2);
        assertThat(again.err()).isEqualTo(run.err());
    }

    @Test
    void import_ofAStepTooLarge_namesItWhenAnotherHasShippedIt() throws Exception {
        Path recording = tooLarge();
        Shipper other = Shipper.open(Outbox.in(outbox), ShipperSettings.from(aws.environment()))
                .orElseThrow();
        CompletableFuture<Run> importing = CompletableFuture.supplyAsync(() -> importing(recording));
        while (!importing.isDone()) {
            other.shipAll();
            Thread.sleep(100);
        }
        other.close();

        assertFailed(importing.get(), "steptrail: " + recording + ": shipped without step 2 (");
        assertThat(other.counts().records()).isEqualTo(6);
    }

    @Test
    void import_ofABeginningAndAnEndThatTheQueueRefuses_namesBoth() throws Exception {
        LocalAws small = LocalAws.withMessagesUpTo(16 * 1024);
        Path recording = spoilt(trace -> {
            ((ObjectNode) trace.get("metadata")).put("description", incompressible(50_000));
            ((ObjectNode) trace.withArray("steps").get(4).get("action_data")).put("message", incompressible(50_000));
        });

        Run run = run(small.environment(), "import", "--outbox", outbox.toString(), recording.toString());

        assertThat(run.err())
                .matches("(?s)steptrail: \\Q" + recording + "\\E: shipped without its beginning \\(\\d+ bytes\\),"
                        + " step 5 \\(\\d+ bytes\\), its end \\(\\d+ bytes\\), too large and kept in .*");
        assertThat(small.records()).hasSize(4);
        assertThat(Outbox.in(outbox).tasks()).isEmpty();
    }

    @Test
    void import_ofAnEndLongerThanTheLastLineIsLookedFor_namesTheTaskThatStays() throws Exception {
        Path recording =
                spoilt(trace -> ((ObjectNode) trace.withArray("steps").get(4).get("action_data"))
                        .put("message", incompressible(2_000_000)));

        Run run = importing(recording);

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).startsWith("steptrail: " + recording + ": ").contains(" is not shipped to its end");
        assertThat(aws.records()).hasSize(7);
    }

    @Test
    void import_ofAPictureThatOnlyTheEncoderRefuses_namesTheRecording() throws Exception {
        ByteArrayOutputStream drawn = new ByteArrayOutputStream();
        ImageIO.write(new BufferedImage(5000, 4000, BufferedImage.TYPE_BYTE_BINARY), "png", drawn);
        byte[] png = drawn.toByteArray();
        png[png.length - 13] ^= 1; // a wrong checksum, in a picture too large to be written anew
        Path picture = Files.write(folder.resolve("screen.png"), png);
        Path recording = Screens.sample("flight-launch-failed");

        Run run = importing(recording, "--screenshot", picture);

        assertFailed(run, "steptrail: " + recording + ": shipped without 1 screenshots; their steps say why");
        assertThat(run.out()).contains("shipped 3 records and 0 screenshots");
    }

    @Test
    void import_ofATaskThatCannotBeShipped_namesIt_andShipsTheOthers() throws Exception {
        Path first = Screens.sample("flight-launch-failed");
        Path second = Screens.sample("torch-no-steps");
        String[] command = {"import", "--outbox", outbox.toString(), first.toString(), second.toString()};
        run(aws.environment("AWS_SECRET_ACCESS_KEY", "wrong"), command);
        UUID bad = Outbox.in(outbox).tasks().stream()
                .filter(task -> Files.isDirectory(task.folder().resolve("frames"))
                        && task.folder().resolve("frames").toFile().list().length > 0)
                .findFirst()
                .orElseThrow()
                .id();
        // A folder where a file must be: the count of what is shipped can neither be read nor written.
        Files.createDirectories(outbox.resolve(bad + "/shipped/x"));

        Run run = run(aws.environment(), command);

        assertFailed(run, "steptrail: " + first + ": task " + bad + " is not shipped: ");
        assertThat(run.out()).contains("shipped 2 records and 0 screenshots; 1 tasks delivered to their end");
    }

    @Test
    void aMessageThatIsAPathAlone_isToldWithItsKind() {
        assertThat(Steptrail.told(new NoSuchFileException("/a"))).isEqualTo("java.nio.file.NoSuchFileException: /a");
        assertThat(Steptrail.told(new FileSystemException("/a", null, "is full")))
                .isEqualTo("/a: is full");
        assertThat(Steptrail.told(new IOException())).isEqualTo("java.io.IOException");
    }

    @Test
    void import_whileAnotherShips_waitsUntilItCanShipItself() throws Exception {
        FolderLock lock = Outbox.in(outbox).tryLock().orElseThrow();
        CompletableFuture<Run> importing = CompletableFuture.supplyAsync(() -> run(
                aws.environment(),
                "import",
                "--outbox",
                outbox.toString(),
                Screens.sample("torch-no-steps").toString()));
        Thread.sleep(1_500);
        assertThat(importing).isNotDone();
        lock.close();

        Run run = importing.get(20, TimeUnit.SECONDS);
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains("Another process ships " + outbox).contains("shipped 2 records");
    }

    @Test
    void foldersThatNobodyShips_areNamedByStatus_andWhatAnImportLeftGoesWithTheNextShip() throws Exception {
        write();
        Path misnamed = Files.createDirectory(outbox.resolve("0190163D-8694-739B-AEA5-966C26F8AD92"));
        Path left = Files.createDirectory(outbox.resolve(".0190163d-8694-739b-aea5-966c26f8ad93.tmp"));
        Files.write(left.resolve("screen"), new byte[1234]);
        Files.setLastModifiedTime(left, FileTime.from(Instant.now().minusSeconds(3700)));

        assertThat(run(aws.environment(), "status", "--outbox", outbox.toString())
                        .out())
                .contains("problem  " + misnamed + ": is not shipped: give it the task's id in lower case")
                .contains("problem  " + left + ": 1234 bytes that an import left");

        assertThat(run(aws.environment(), "ship", "--once", "--outbox", outbox.toString())
                        .exitCode())
                .isZero();
        assertThat(left).doesNotExist();
        assertThat(misnamed).exists();
    }

    @Test
    void aPortThatCannotBe_isOneLine_whateverIsAsked() throws Exception {
        write();
        Map<String, String> environment = aws.environment("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:99999");

        assertFailed(
                run(environment, "ship", "--once", "--outbox", outbox.toString()),
                "steptrail: AWS_ENDPOINT_URL_S3 is no address: its port must be 1 to 65535");
        Run doctor = run(environment, "doctor", "--outbox", outbox.toString());
        assertThat(doctor.exitCode()).isEqualTo(1);
        assertThat(doctor.out()).startsWith("BAD  settings: AWS_ENDPOINT_URL_S3 is no address");
        assertThat(doctor.err()).isEmpty();
    }

    @Test
    void theProcess_shipsUntilItIsStopped() throws Exception {
        write();
        ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Steptrail.class.getName(),
                "ship",
                "--outbox",
                outbox.toString())));
        builder.environment().putAll(aws.environment());
        builder.redirectError(ProcessBuilder.Redirect.INHERIT);
        Process process = builder.start();
        try {
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
            while (Files.exists(outbox.resolve(TASK.toString())) && System.nanoTime() < deadline) {
                Thread.sleep(50);
            }
            assertThat(Outbox.in(outbox).tasks()).isEmpty();
            process.destroy();

            assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
            assertThat(Outbox.in(outbox).tryLock()).isPresent();
        } finally {
            process.destroyForcibly().waitFor();
        }
        assertThat(aws.records()).hasSize(2);
    }

    private static Run run(Map<String, String> environment, String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine command = Steptrail.command(environment)
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true));
        int exitCode = command.execute(arguments);
        return new Run(exitCode, out.toString(), err.toString());
    }

    private Run importing(Object... what) {
        Stream<String> command = Stream.of("import", "--outbox", outbox.toString());
        return run(
                aws.environment(),
                Stream.concat(command, Stream.of(what).map(Object::toString)).toArray(String[]::new));
    }

    /** A recording of five steps, of which the second is larger than anybody would read. */
    private Path tooLarge() throws IOException {
        return spoilt(
                trace -> ((ObjectNode) trace.withArray("steps").get(1)).put("thinking", incompressible(9_000_000)));
    }

    /** A good recording with its JSON changed, and without pictures. */
    private Path spoilt(Consumer<ObjectNode> change) throws IOException {
        ObjectMapper json = new ObjectMapper();
        ObjectNode trace =
                (ObjectNode) json.readTree(Screens.sample("weather-finished").toFile());
        trace.withArray("steps").forEach(step -> ((ObjectNode) step).putNull("screenshot_path"));
        change.accept(trace);
        return Files.write(folder.resolve("run.json"), json.writeValueAsBytes(trace));
    }

    private static String incompressible(int bytes) {
        byte[] random = new byte[bytes * 3 / 4];
        new Random(1).nextBytes(random);
        return Base64.getEncoder().encodeToString(random);
    }

    private static void assertFailed(Run run, String line) {
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err().lines()).hasSize(1);
        assertThat(run.err()).startsWith(line);
    }

    private void write() throws IOException {
        try (TaskWriter writer = Outbox.in(outbox).newTask(TASK)) {
            writer.append(started(TASK));
            writer.append(
                    new TaskEnded(TASK, Instant.EPOCH, TaskStatus.SUCCEEDED, Ending.FINISHED, null, null, Map.of()));
        }
    }

    private static TaskStarted started(UUID task) {
        return new TaskStarted(task, Instant.EPOCH, null, "do it", null, null, null, null, null, Map.of(), Map.of());
    }
}
