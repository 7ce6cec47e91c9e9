package dev.steptrail.cli.records;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.steptrail.shipper.fixture.Screens;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Untrusted files with hostile names and content. */
@Tag("slow")
@DisabledOnOs(
        value = OS.WINDOWS,
        disabledReason = "file names cannot contain control characters, and there are no named pipes in folders")
class HostileImportIT extends ImportTestBase {
    private static final String FORGED = "x\nsteptrail: y\u001b[2J\u007f.json";

    @Test
    void fileNameOfSeveralLines_isPrintedInOne() throws Exception {
        Path good = Files.copy(Screens.sample("torch-no-steps"), folder.resolve("good " + FORGED));
        Path bad = Files.writeString(folder.resolve("bad " + FORGED), "{");

        Run run = importing(good, bad);

        assertThat(run.exitCode()).isEqualTo(1);

        assertThat(run.out().lines()).hasSize(3);
        assertThat(run.out()).startsWith(folder + "/good x?steptrail: y?[2J?.json: task ");
        assertThat(run.err().lines())
                .containsExactly("steptrail: " + folder
                        + "/bad x?steptrail: y?[2J?.json: is not valid JSON, or is truncated (line 1, column 2)");
    }

    @Test
    void pictureNameOfSeveralLines_isPrintedInOne() throws Exception {
        Path recording = changed(json -> ((ObjectNode) json.withArray("steps").get(0))
                .put("screenshot_path", "step\n\u001b[2J\u009b1m\u202e\u2028\u2029.png"));

        Run run = importing(recording);

        assertThat(run.exitCode()).isEqualTo(1);

        assertThat(run.err().lines()).hasSize(1);
        assertThat(run.err())
                .startsWith("steptrail: " + recording + ": step 1: the screenshot step??[2J?1m???.png ")
                .doesNotContainPattern("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}&&[^\n]]");
    }

    @Test
    void argumentOfSeveralLines_isPrintedInOne() throws Exception {
        Run run = importing("--zone", FORGED, "x.json");

        assertThat(run.exitCode()).isEqualTo(2);

        assertThat(run.err().lines().findFirst())
                .hasValueSatisfying(line -> assertThat(line).contains("x?steptrail: y?[2J?.json"));
        assertThat(run.err()).contains("steptrail import").doesNotContain("\u001b[2J");
    }

    @Test
    void specialFilesInFolder_areNamed_andOthersAreImported() throws Exception {
        Path recordings = Files.createDirectories(folder.resolve("recordings/within.json"))
                .getParent();
        Files.copy(Screens.sample("torch-no-steps"), recordings.resolve("within.json/good.json"));
        Path device = Files.createSymbolicLink(recordings.resolve("a-device.json"), Path.of("/dev/zero"));
        Path link = Files.createSymbolicLink(recordings.resolve("b-folder.json"), folder);
        Path missing = Files.createSymbolicLink(recordings.resolve("c-missing.json"), Path.of("nowhere"));
        Path pipe = recordings.resolve("d-pipe.json");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();

        Run run = importing(recordings);

        assertThat(run.exitCode()).isEqualTo(1);

        assertThat(run.err().lines())
                .containsExactly(
                        "steptrail: " + device + ": is not a regular file",
                        "steptrail: " + link + ": is not a regular file",
                        "steptrail: " + missing + ": does not exist",
                        "steptrail: " + pipe + ": is not a regular file");
        assertThat(run.out()).contains("shipped 2 records");
    }
}
