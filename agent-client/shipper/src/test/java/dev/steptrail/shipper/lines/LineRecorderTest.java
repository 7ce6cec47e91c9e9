package dev.steptrail.shipper.lines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.steptrail.stepformat.Ending;
import dev.steptrail.stepformat.FrameRole;
import dev.steptrail.stepformat.RecordCodec;
import dev.steptrail.stepformat.Step;
import dev.steptrail.stepformat.StepRecord;
import dev.steptrail.stepformat.TaskEnded;
import dev.steptrail.stepformat.TaskStarted;
import dev.steptrail.stepformat.TaskStatus;
import dev.steptrail.tracker.outbox.Outbox;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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

    private final List<String> lost = new ArrayList<>();
    private Outbox outbox;
    private LineRecorder recorder;

    @BeforeEach
    void open() throws Exception {
        outbox = Outbox.in(folder.resolve("outbox"));
        recorder = new LineRecorder(outbox, lost::add);
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
        UUID task = recorder.add("{\"record\":\"task_started\",\"description\":\"查天气\"}");
        recorder.add("{\"record\":\"step\",\"step_type\":\"action\",\"action\":{\"x\":1.50},\"x_own\":[1]}");
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

        assertThat(recorder.add("{" + common + "\"record\":\"task_started\"}")).isEqualTo(id);
        recorder.add("{" + common + "\"record\":\"step\",\"step_type\":\"action\",\"step_number\":7}");

        Step step = (Step) records(id).get(1);
        assertThat(step.stepNumber()).isEqualTo(7);
        assertThat(step.timestamp()).isEqualTo("2025-12-14T21:42:01.25Z");
    }

    @Test
    void picturesAreTakenByPathAndAsBase64_jpegAsPng_andABrokenOneCostsItselfAlone() throws Exception {
        Path png = Files.write(folder.resolve("screen 1.png"), picture("png"));
        String jpeg = Base64.getEncoder().encodeToString(picture("jpg"));
        UUID task = recorder.add("{\"record\":\"task_started\"}");
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
        assertThat(lost)
                .singleElement()
                .asString()
                .startsWith("step 1: a screenshot is lost: ")
                .contains("nowhere.png");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"[{\"role\":\"other\"}]|{role=other}", "\"one\"|one", "null|", "[]|"})
    void whatALineTellsOfLostPicturesItself_staysBeforeTheOneThatIsLostHere(String told, String kept) throws Exception {
        UUID task = recorder.add("{\"record\":\"task_started\"}");
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
                "{\"record\":\"step\"|the record: is not JSON",
                "[]|the record: must be a JSON object",
                "{\"record\":\"sail\"}|record: must be task_started",
                "{\"record\":\"step\"}|step_type: ",
                "{\"record\":\"step\",\"step_type\":\"action\",\"step_number\":0}|step_number: ",
                "{\"record\":\"step\",\"step_type\":\"action\",\"frames\":{}}|frames: must be an array",
                "{\"record\":\"step\",\"step_type\":\"action\",\"task_id\":\"019b1ed6-ce02-7a41-b1c5-2f8a90d3e671\"}"
                        + "|task_id: is not that of the open task"
            })
    void aBadLine_isNamed_andTheNextOneIsWritten(String line, String reason) throws Exception {
        UUID task = recorder.add("{\"record\":\"task_started\"}");

        assertThatThrownBy(() -> recorder.add(line))
                .isInstanceOf(LineException.class)
                .hasMessageStartingWith(reason);

        recorder.add("{\"record\":\"step\",\"step_type\":\"action\"}");
        assertThat(records(task)).hasSize(2);
    }

    @Test
    void aRecordThatNoReaderTakes_isNamed_andTheNextOneIsWritten() throws Exception {
        UUID task = recorder.add("{\"record\":\"task_started\"}");
        String half = "x".repeat(9 * 1024 * 1024);

        assertThatThrownBy(() -> recorder.add("{\"record\":\"step\",\"step_type\":\"action\",\"thinking\":\"" + half
                        + "\",\"error_message\":\"" + half + "\"}"))
                .isInstanceOf(LineException.class)
                .hasMessageContaining("bytes");

        recorder.add("{\"record\":\"step\",\"step_type\":\"action\"}");
        assertThat(records(task)).hasSize(2);
    }

    @Test
    void withoutATask_aStepIsRefused_alsoAfterTheEnd() throws Exception {
        String step = "{\"record\":\"step\",\"step_type\":\"action\"}";
        assertThatThrownBy(() -> recorder.add(step)).hasMessageStartingWith("no task is open");
        recorder.add("{\"record\":\"task_started\"}");
        recorder.add("{\"record\":\"task_ended\",\"status\":\"failed\"}");
        assertThatThrownBy(() -> recorder.add(step)).hasMessageStartingWith("no task is open");
    }

    @Test
    void inputThatEnds_leavesItsTaskAbandoned_andANewTaskCancelsTheOneBefore() throws Exception {
        UUID first = recorder.add("{\"record\":\"task_started\"}");
        UUID second = recorder.add("{\"record\":\"task_started\"}");
        recorder.close();

        assertThat(((TaskEnded) records(first).get(1)).status()).isEqualTo(TaskStatus.CANCELLED);
        TaskEnded ended = (TaskEnded) records(second).get(1);
        assertThat(ended.status()).isEqualTo(TaskStatus.ABANDONED);
        assertThat(ended.ending()).isEqualTo(Ending.ABANDONED);
    }

    @Test
    void aTaskThatIsThereAlready_isSomebodyElses() throws Exception {
        UUID task = recorder.add("{\"record\":\"task_started\"}");
        try (LineRecorder other = new LineRecorder(outbox, lost::add)) {
            assertThatThrownBy(() -> other.add("{\"record\":\"task_started\",\"task_id\":\"" + task + "\"}"))
                    .hasMessageContaining("is in the outbox already");
        }
    }
}
