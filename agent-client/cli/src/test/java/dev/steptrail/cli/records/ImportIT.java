package dev.steptrail.cli.records;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.steptrail.shipper.fixture.Screens;
import dev.steptrail.stepformat.StepRecord;
import dev.steptrail.tracker.internal.outbox.Outbox;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Which recordings steptrail import accepts, and which it reports. */
@Tag("slow")
class ImportIT extends ImportTestBase {
    @Test
    void import_samplesTwice_sendsSameRecords() throws Exception {
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
        assertThat(first.out().lines()).hasSize(6);
        assertThat(first.out())
                .contains("weather-finished.json: task ")
                .contains(", 28 steps, 28 screenshots")
                .contains("shipped 42 records and 34 screenshots; 4 tasks completed");
        assertThat(records).hasSize(42);
        assertThat(second).isEqualTo(first);
        assertThat(aws.records()).containsExactlyInAnyOrderElementsOf(records);
        assertThat(Outbox.open(outbox).tasks()).isEmpty();
    }

    @Test
    void import_badFiles_areNamed_andOthersAreShipped() throws Exception {
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
                        "steptrail: " + bad + ": is not valid JSON, or is truncated (line 1, column 13)",
                        "steptrail: " + empty + ": contains no *.json file",
                        "steptrail: " + none + ": does not exist");
        assertThat(run.out()).contains("shipped 3 records and 1 screenshot;");
        assertThat(aws.records()).hasSize(3);
    }

    @Test
    void import_recordingWithoutPictures_namesFirstMissing_andSucceedsLater() throws Exception {
        Path recording = Files.copy(Screens.sample("weather-finished"), folder.resolve("run.json"));
        Path other = Screens.sample("torch-no-steps");

        Run run = importing(recording, other);

        assertFailed(
                run,
                "steptrail: " + recording + ": step 1: the screenshot screenshots/step_001.png is not in " + folder
                        + "; fix it, or use --screenshots DIR");
        assertThat(run.out()).contains("shipped 2 records and 0 screenshots; 1 task completed");
        assertThat(aws.records()).hasSize(2);

        Run corrected = importing(
                recording, "--screenshots", Screens.sample("weather-finished").resolveSibling("screenshots"));
        List<StepRecord> first = aws.records();
        Run again =
                importing("--screenshots", Screens.sample("weather-finished").getParent(), recording);

        assertThat(corrected.exitCode()).isZero();
        assertThat(corrected.out()).contains("shipped 7 records and 5 screenshots");
        assertThat(again).isEqualTo(corrected);
        assertThat(aws.records()).containsExactlyInAnyOrderElementsOf(first);
    }

    @Test
    void import_invalidUsage_isReportedOncePerFile() throws Exception {
        Path recording = changed(json -> {
            ((ObjectNode) json.at("/steps/0")).putObject("usage").put("input_tokens", 4);
            ((ObjectNode) json.at("/steps/1")).putObject("usage").put("input_tokens", -4);
            ((ObjectNode) json.at("/steps/2")).putObject("usage").put("prompt_tokens", 4);
            ((ObjectNode) json.at("/steps/3")).putNull("usage");
        });

        Run run = importing(recording);

        assertThat(run.exitCode()).isZero();
        assertThat(run.err().strip())
                .isEqualTo("steptrail: " + recording + ": tokens of 2 steps are not counted, the first is step 2: usage"
                        + " must have input_tokens, cached_tokens or output_tokens, each a whole number of 0 or more");
    }

    @Test
    void import_noScreenshots_importsRecordingWithoutPictures() throws Exception {
        Path recording = Files.copy(Screens.sample("weather-finished"), folder.resolve("run.json"));

        Run run = importing(recording, "--no-screenshots");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains(", 5 steps, 0 screenshots").contains("shipped 7 records and 0 screenshots");
    }
}
