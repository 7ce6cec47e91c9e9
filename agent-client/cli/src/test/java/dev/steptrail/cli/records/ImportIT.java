package dev.steptrail.cli.records;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.steptrail.shipper.fixture.Screens;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Which recordings steptrail import accepts, and which it reports. */
@Tag("slow")
class ImportIT extends ImportTestBase {
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
}
