package dev.steptrail.cli.records;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.stepformat.Frame;
import dev.steptrail.stepformat.FrameRole;
import dev.steptrail.stepformat.Step;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How the frames of a line are recorded. */
class FrameImporterTest extends LineRecorderTestBase {
    @Test
    void pictures_byPathOrBase64_areStoredAsPng_andBrokenOnesAreLost() throws Exception {
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
                .contains("role=before", "reason=nowhere.png is not a regular file");
        assertThat(problems)
                .singleElement()
                .asString()
                .startsWith("a screenshot is lost: ")
                .contains("nowhere.png");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"[{\"role\":\"other\"}]|{role=other}", "\"one\"|one", "null|", "[]|"})
    void lostScreenshotsOfLine_areKeptBeforeNewOnes(String given, String kept) throws Exception {
        UUID task = recorder.add("{\"record\":\"task_started\"}").orElseThrow();
        recorder.add(
                "{\"record\":\"step\",\"step_type\":\"action\",\"frames\":[{\"role\":\"after\"}],\"lost_screenshots\":"
                        + given + "}");

        Step step = (Step) records(task).get(1);
        String here = "{role=after, reason=a frame requires path or base64}";
        assertThat(step.unknown().get("lost_screenshots").toString())
                .isEqualTo("[" + (kept == null ? "" : kept + ", ") + here + "]");
    }

    @Test
    void pictureOf16MegabytesInBase64_isKept() throws Exception {
        byte[] png = Arrays.copyOf(picture("png"), 16_000_000);
        UUID task = started();

        recorder.add(step("\"frames\":[{\"base64\":\"" + Base64.getEncoder().encodeToString(png) + "\"}]"));

        assertThat(problems).isEmpty();
        assertThat(Files.size(outbox.folder().resolve(task + "/frames/1-before.png")))
                .isEqualTo(16_000_000);
    }

    @Test
    void invalidFrame_isLost_andStepAndOtherFramesAreKept() throws Exception {
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
        assertThat(problems).hasSize(3);
    }

    @Test
    void frame_keepsItsFields_andIsSensitiveIfFlagIsInvalid() throws Exception {
        String png = Base64.getEncoder().encodeToString(picture("png"));
        UUID task = started();

        recorder.add(step("\"frames\":[{\"base64\":\"" + png + "\",\"captured_at\":\"2025-12-14T21:42:01Z\","
                + "\"x_eye\":1.0,\"sensitive\":\"True\"},"
                + "{\"base64\":\"" + png + "\",\"captured_at\":\"noon\",\"sensitive\":null}]"));

        List<Frame> frames = ((Step) records(task).get(1)).frames();
        assertThat(frames.get(0).capturedAt()).isEqualTo("2025-12-14T21:42:01Z");
        assertThat(frames.get(0).unknown()).isEqualTo(Map.of("x_eye", new BigDecimal("1.0")));
        assertThat(frames).extracting(Frame::sensitive).containsExactly(true, false);
        assertThat(problems)
                .satisfiesExactly(
                        line -> assertThat(line).startsWith("the frame field sensitive must be true or false"),
                        line -> assertThat(line)
                                .startsWith("field captured_at is omitted: frames[0].captured_at: ")
                                .endsWith(", but is \"noon\""));
    }

    @Test
    void pathThatIsNotAFile_isRejected() throws Exception {
        UUID task = started();

        recorder.add(step("\"frames\":[{\"path\":\"/dev/zero\"},{\"path\":\"" + folder + "\"}]"));

        assertThat((List<?>) ((Step) records(task).get(1)).unknown().get("lost_screenshots"))
                .hasSize(2)
                .allMatch(lost -> lost.toString().contains("is not a regular file"))
                .noneMatch(lost -> lost.toString().contains("/"));
    }
}
