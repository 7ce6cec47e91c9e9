package dev.steptrail.shipper.lines;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.stepformat.Ending;
import dev.steptrail.stepformat.Frame;
import dev.steptrail.stepformat.FrameRole;
import dev.steptrail.stepformat.Losses;
import dev.steptrail.stepformat.RecordCodec;
import dev.steptrail.stepformat.Step;
import dev.steptrail.stepformat.StepRecord;
import dev.steptrail.stepformat.TaskEnded;
import dev.steptrail.stepformat.TaskStarted;
import dev.steptrail.stepformat.TaskStatus;
import dev.steptrail.tracker.outbox.Outbox;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LineRecorderTest {
    @TempDir
    private Path folder;

    private static final long ROOM = 1L << 31;

    private final List<String> told = new ArrayList<>();
    private Outbox outbox;
    private LineRecorder recorder;

    @BeforeEach
    void open() throws Exception {
        outbox = Outbox.in(folder.resolve("outbox"));
        recorder = new LineRecorder(outbox, ROOM, told::add);
    }

    private List<StepRecord> records(UUID task) throws Exception {
        List<StepRecord> records = new ArrayList<>();
        for (String line : Files.readAllLines(outbox.folder().resolve(task + "/steps.jsonl"))) {
            records.add(RecordCodec.decode(line.getBytes(StandardCharsets.UTF_8)));
        }
        return records;
    }

    private static byte[] picture(String format) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageIO.write(new BufferedImage(27, 60, BufferedImage.TYPE_INT_RGB), format, bytes);
        return bytes.toByteArray();
    }

    @Test
    void whatALineLeavesOut_isFilledIn() throws Exception {
        UUID task = recorder.add("{\"record\":\"task_started\",\"description\":\"查天气\"}")
                .orElseThrow();
        recorder.add("{\"record\":\"step\",\"step_type\":\"action\",\"action\":{\"x\":1.50,\"y\":1.0},\"x_own\":[1]}");
        recorder.add("{\"record\":\"step\",\"step_type\":\"action\",\"frames\":null}");
        recorder.add("{\"record\":\"task_ended\",\"status\":\"succeeded\"}");

        List<StepRecord> records = records(task);
        assertThat(task.version()).isEqualTo(7);
        assertThat(((TaskStarted) records.get(0)).description()).isEqualTo("查天气");
        assertThat(records.subList(1, 3))
                .extracting(record -> ((Step) record).stepNumber())
                .containsExactly(1, 2);
        assertThat(((Step) records.get(1)).unknown()).isEqualTo(Map.of("x_own", List.of(1)));
        assertThat(((TaskEnded) records.get(3)).lastStepNumber()).isEqualTo(2);
    }

    @Test
    void whatALineSays_isKept() throws Exception {
        UUID id = UUID.fromString("019b1ed6-ce02-7a41-b1c5-2f8a90d3e671");
        String common = "\"v\":1,\"task_id\":\"" + id + "\",\"timestamp\":\"2025-12-14T21:42:01.25Z\",";

        assertThat(recorder.add("{" + common + "\"record\":\"task_started\"}")).contains(id);
        recorder.add("{" + common + "\"record\":\"step\",\"step_type\":\"action\",\"step_number\":7}");

        Step step = (Step) records(id).get(1);
        assertThat(step.stepNumber()).isEqualTo(7);
        assertThat(step.timestamp()).isEqualTo("2025-12-14T21:42:01.25Z");
    }

    @Test
    void picturesAreTakenByPathAndAsBase64_jpegAsPng_andABrokenOneCostsItselfAlone() throws Exception {
        Path png = Files.write(folder.resolve("screen 1.png"), picture("png"));
        String jpeg = Base64.getEncoder().encodeToString(picture("jpg"));
        UUID task = started();
        recorder.add("{\"record\":\"step\",\"step_type\":\"action\",\"frames\":["
                + "{\"path\":\"" + png + "\",\"sensitive\":true},"
                + "{\"base64\":\"data:image/jpeg;base64," + jpeg + "\",\"role\":\"after\"},"
                + "{\"path\":\"" + folder.resolve("nowhere.png") + "\"}]}");

        Step step = (Step) records(task).get(1);
        assertThat(step.frames()).extracting(frame -> frame.role()).containsExactly(FrameRole.BEFORE, FrameRole.AFTER);
        assertThat(step.frames()).extracting(frame -> frame.sensitive()).containsExactly(true, false);
        assertThat(step.frames()).allMatch(frame -> frame.width() == 27 && frame.height() == 60);
        assertThat(Files.readAllBytes(outbox.folder().resolve(task + "/frames/1-after.png")))
                .startsWith(0x89, 'P', 'N', 'G');
        assertThat((List<?>) step.unknown().get("lost_screenshots"))
                .singleElement()
                .asString()
                .contains("role=before", "nowhere.png is no file");
        assertThat(told)
                .singleElement()
                .asString()
                .startsWith("a screenshot is lost: ")
                .contains("nowhere.png");
    }

    private UUID started() {
        return recorder.add("{\"record\":\"task_started\"}").orElseThrow();
    }

    private static String step(String fields) {
        return "{\"record\":\"step\",\"step_type\":\"action\"" + (fields.isEmpty() ? "" : "," + fields) + "}";
    }

    private Losses lossesAfter(UUID task) throws Exception {
        recorder.close();
        List<StepRecord> records = records(task);
        return (Losses) records.get(records.size() - 2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"[{\"role\":\"other\"}]|{role=other}", "\"one\"|one", "null|", "[]|"})
    void whatALineTellsOfLostPicturesItself_staysBeforeTheOneThatIsLostHere(String told, String kept) throws Exception {
        UUID task = recorder.add("{\"record\":\"task_started\"}").orElseThrow();
        recorder.add(
                "{\"record\":\"step\",\"step_type\":\"action\",\"frames\":[{\"role\":\"after\"}],\"lost_screenshots\":"
                        + told + "}");

        Step step = (Step) records(task).get(1);
        String here = "{role=after, reason=a frame needs path or base64}";
        assertThat(step.unknown().get("lost_screenshots").toString())
                .isEqualTo("[" + (kept == null ? "" : kept + ", ") + here + "]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"record\":\"step\"|step 1 is lost: the record: is not JSON",
                "[]|step 1 is lost: the record: must be a JSON object",
                "{\"record\":\"sail\"}|step 1 is lost: record: must be task_started",
            })
    void aLineThatIsNoRecord_isNamed_andSeenInTheReportAsALostStep(String line, String reason) throws Exception {
        UUID task = started();

        assertThat(recorder.add(line)).isEmpty();
        recorder.add(step(""));

        assertThat(told).singleElement().asString().startsWith(reason);
        assertThat(records(task).get(1))
                .isInstanceOfSatisfying(Losses.class, losses -> assertThat(losses.droppedSteps())
                        .isEqualTo(Map.of("invalid", 1L)));
        assertThat(((Step) records(task).get(2)).stepNumber()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"duration_ms\":-5|duration_ms",
                "\"step_number\":0|step_number",
                "\"timestamp\":\"yesterday\"|timestamp",
                "\"task_id\":\"019B1ED6-CE02-7A41-B1C5-2F8A90D3E671\"|task_id",
                "\"success\":\"yes\"|success",
                "\"x_own\":1e500|x_own"
            })
    void aBadField_costsItselfAlone(String field, String name) throws Exception {
        UUID task = started();

        recorder.add(step(field + ",\"thinking\":\"kept\""));

        assertThat(told).singleElement().asString().startsWith("the field " + name + " is left out: ");
        Step step = (Step) records(task).get(1);
        assertThat(step.stepNumber()).isEqualTo(1);
        assertThat(step.thinking()).isEqualTo("kept");
        assertThat(step.unknown()).isEqualTo(Map.of("invalid_fields", List.of(name)));
    }

    @Test
    void aTextThatNoReaderTakes_costsItselfAlone() throws Exception {
        UUID task = started();

        recorder.add(step("\"thinking\":\"" + "x".repeat(20_500_000) + "\",\"error_message\":\"kept\""));

        assertThat(((Step) records(task).get(1)).errorMessage()).isEqualTo("kept");
        assertThat(told).singleElement().asString().startsWith("the field thinking is left out: ");
    }

    @Test
    void aRecordThatNoReaderTakes_isCountedAsLost_andTheNextOneIsWritten() throws Exception {
        UUID task = started();
        String half = "x".repeat(9 * 1024 * 1024);

        recorder.add(step("\"thinking\":\"" + half + "\",\"error_message\":\"" + half + "\""));
        recorder.add(step(""));

        assertThat(((Losses) records(task).get(1)).droppedSteps()).isEqualTo(Map.of("invalid", 1L));
        assertThat(((Step) records(task).get(2)).stepNumber()).isEqualTo(2);
    }

    @Test
    void aPictureOfSixteenMegabytesAsBase64_isKept() throws Exception {
        byte[] png = Arrays.copyOf(picture("png"), 16_000_000);
        UUID task = started();

        recorder.add(step("\"frames\":[{\"base64\":\"" + Base64.getEncoder().encodeToString(png) + "\"}]"));

        assertThat(told).isEmpty();
        assertThat(Files.size(outbox.folder().resolve(task + "/frames/1-before.png")))
                .isEqualTo(16_000_000);
    }

    @Test
    void aBadFrame_costsNeitherItsStepNorTheOthers() throws Exception {
        String png = Base64.getEncoder().encodeToString(picture("png"));
        UUID task = started();

        recorder.add(step("\"frames\":[{\"base64\":\"" + png + "\"},{\"base64\":\"" + png + "\",\"role\":\"top\"},7]"));
        recorder.add(step("\"frames\":{\"base64\":\"" + png + "\"}"));

        Step first = (Step) records(task).get(1);
        assertThat(first.frames()).extracting(Frame::role).containsExactly(FrameRole.BEFORE, FrameRole.OTHER);
        assertThat((List<?>) first.unknown().get("lost_screenshots")).hasSize(1);
        Step second = (Step) records(task).get(2);
        assertThat(second.frames()).isEmpty();
        assertThat(second.unknown().get("lost_screenshots"))
                .isEqualTo(List.of(Map.of("role", "other", "reason", "frames must be an array")));
        assertThat(told).hasSize(3);
    }

    @Test
    void aFrameKeepsWhatIsSaidOfIt_andIsSensitiveWhereThatCannotBeRead() throws Exception {
        String png = Base64.getEncoder().encodeToString(picture("png"));
        UUID task = started();

        recorder.add(step("\"frames\":[{\"base64\":\"" + png + "\",\"captured_at\":\"2025-12-14T21:42:01Z\","
                + "\"x_eye\":1.0,\"sensitive\":\"True\"},"
                + "{\"base64\":\"" + png + "\",\"captured_at\":\"noon\",\"sensitive\":null}]"));

        List<Frame> frames = ((Step) records(task).get(1)).frames();
        assertThat(frames.get(0).capturedAt()).isEqualTo("2025-12-14T21:42:01Z");
        assertThat(frames.get(0).unknown()).isEqualTo(Map.of("x_eye", new BigDecimal("1.0")));
        assertThat(frames).extracting(Frame::sensitive).containsExactly(true, false);
        assertThat(told)
                .satisfiesExactly(
                        line -> assertThat(line).startsWith("a frame's sensitive must be true or false"),
                        line -> assertThat(line).startsWith("the field captured_at is left out: "));
    }

    @Test
    void aPathThatIsNoFile_isRefused() throws Exception {
        UUID task = started();

        recorder.add(step("\"frames\":[{\"path\":\"/dev/zero\"},{\"path\":\"" + folder + "\"}]"));

        assertThat((List<?>) ((Step) records(task).get(1)).unknown().get("lost_screenshots"))
                .hasSize(2)
                .allMatch(lost -> lost.toString().contains("is no file"));
    }

    @Test
    void aNumberThatLeavesNoneForTheNext_isAMistake() throws Exception {
        UUID task = started();

        recorder.add(step("\"step_number\":2147483647"));
        recorder.add(step(""));

        assertThat(records(task).subList(1, 3))
                .extracting(record -> ((Step) record).stepNumber())
                .containsExactly(1, 2);
        assertThat(told).singleElement().asString().startsWith("step_number: ");
    }

    @Test
    void numbersComeBackAsTheyWentIn() throws Exception {
        UUID task = started();
        recorder.add(step("\"x_own\":[0.50,1.0]"));

        assertThat(Files.readString(outbox.folder().resolve(task + "/steps.jsonl")))
                .contains("\"x_own\":[0.50,1.0]");
    }

    @Test
    void withoutATask_aStepIsRefused_alsoAfterTheEnd() {
        recorder.add(step(""));
        started();
        recorder.add("{\"record\":\"task_ended\",\"status\":\"failed\"}");
        recorder.add(step(""));

        assertThat(told).hasSize(2).allMatch(line -> line.startsWith("no task is open"));
        assertThat(recorder.lost().steps()).isEqualTo(Map.of("no_task", 2L));
    }

    @Test
    void anEndOfNoKnownStatus_isRefused_andTheTaskStaysOpen() throws Exception {
        UUID task = started();
        recorder.add("{\"record\":\"task_ended\",\"status\":\"fine\"}");
        recorder.add(step(""));

        assertThat(told).singleElement().asString().startsWith("status: must be one of");
        assertThat(records(task)).hasSize(2);
    }

    @Test
    void inputThatEnds_leavesItsTaskAbandoned_andANewTaskCancelsTheOneBefore() throws Exception {
        UUID first = started();
        UUID second = started();
        recorder.close();

        assertThat(((TaskEnded) records(first).get(1)).status()).isEqualTo(TaskStatus.CANCELLED);
        TaskEnded ended = (TaskEnded) records(second).get(1);
        assertThat(ended.status()).isEqualTo(TaskStatus.ABANDONED);
        assertThat(ended.ending()).isEqualTo(Ending.ABANDONED);
    }

    @Test
    void anIdThatIsUsed_isRefused_andTheOpenTaskGoesOn() throws Exception {
        UUID used = started();
        UUID open = started();

        recorder.add("{\"record\":\"task_started\",\"task_id\":\"" + used + "\"}");
        recorder.add(step(""));

        assertThat(told).singleElement().asString().endsWith("is in the outbox already");
        assertThat(records(open)).hasSize(2).last().isInstanceOf(Step.class);
    }

    @Test
    void aStepOfAnotherTask_isRefused_andLeavesNoGapInThisOne() throws Exception {
        UUID task = started();

        recorder.add(step("\"task_id\":\"019b1ed6-ce02-7a41-b1c5-2f8a90d3e671\""));
        recorder.add(step(""));

        assertThat(told).singleElement().asString().startsWith("task_id: is not that of the open task");
        assertThat(((Step) records(task).get(1)).stepNumber()).isEqualTo(1);
    }

    @Test
    void whatTheAgentLostItself_andWhatIsLostHere_areOneTotal() throws Exception {
        UUID task = started();

        recorder.add("{\"record\":\"losses\",\"dropped_steps\":{\"queue_full\":3,\"invalid\":1}}");
        recorder.add("nothing");

        assertThat(lossesAfter(task).droppedSteps()).isEqualTo(Map.of("queue_full", 3L, "invalid", 2L));
    }

    @Test
    void anOutboxThatIsFull_dropsPicturesFirst_thenSteps_andStillTakesLossesAndTheEnd() throws Exception {
        recorder = new LineRecorder(outbox, 1024 * 1024, told::add);
        String png = Base64.getEncoder().encodeToString(Arrays.copyOf(picture("png"), 100_000));
        UUID task = started();
        for (int i = 0; i < 20; i++) {
            recorder.add(step("\"frames\":[{\"base64\":\"" + png + "\"}]"));
        }
        for (int i = 0; i < 20; i++) {
            recorder.add(step("\"thinking\":\"" + "x".repeat(20_000) + "\""));
        }

        Losses losses = lossesAfter(task);

        assertThat(losses.droppedScreenshots()).containsOnlyKeys("outbox_full");
        assertThat(losses.droppedSteps()).containsOnlyKeys("outbox_full");
        List<StepRecord> records = records(task);
        assertThat(records.stream().filter(Step.class::isInstance).count() + losses.totalDroppedSteps())
                .isEqualTo(40);
        assertThat(((TaskEnded) records.get(records.size() - 1)).lastStepNumber())
                .isEqualTo(40);
        assertThat(told).hasSize(2);
    }

    @Test
    void anOutboxThatSomebodyRemoves_isMadeAnew() throws Exception {
        UUID task = started();
        Files.move(outbox.folder(), folder.resolve("away"));

        recorder.add(step(""));

        assertThat(records(task)).hasSize(2).first().isInstanceOf(TaskStarted.class);
    }
}
