package dev.steptrail.cli.records;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.steptrail.cli.Steptrail;
import dev.steptrail.shipper.fixture.LocalAws;
import dev.steptrail.shipper.fixture.Screens;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Untrusted files with hostile names and content. */
@Tag("slow")
@DisabledOnOs(
        value = OS.WINDOWS,
        disabledReason = "file names cannot contain control characters, and there are no named pipes in folders")
class HostileImportIT {
    private static final String FORGED = "x\nsteptrail: y\u001b[2J\u007f.json";

    @TempDir
    Path folder;

    private final LocalAws aws = new LocalAws();
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void fileNameOfSeveralLines_isPrintedInOne() throws Exception {
        Path good = Files.copy(Screens.sample("torch-no-steps"), folder.resolve("good " + FORGED));
        Path bad = Files.writeString(folder.resolve("bad " + FORGED), "{");

        assertThat(run("import", good, bad)).isEqualTo(1);

        assertThat(out.toString().lines()).hasSize(3);
        assertThat(out.toString()).startsWith(folder + "/good x?steptrail: y?[2J?.json: task ");
        assertThat(err.toString().lines())
                .containsExactly("steptrail: " + folder
                        + "/bad x?steptrail: y?[2J?.json: is not valid JSON, or is truncated (line 1, column 2)");
    }

    @Test
    void pictureNameOfSeveralLines_isPrintedInOne() throws Exception {
        Path recording =
                Files.writeString(folder.resolve("run.json"), naming("step\n\u001b[2J\u009b1m\u202e\u2028\u2029.png"));

        assertThat(run("import", recording)).isEqualTo(1);

        assertThat(err.toString().lines()).hasSize(1);
        assertThat(err.toString())
                .startsWith("steptrail: " + recording + ": step 1: the screenshot step??[2J?1m???.png ")
                .doesNotContainPattern("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}&&[^\n]]");
    }

    @Test
    void argumentOfSeveralLines_isPrintedInOne() throws Exception {
        assertThat(run("import", "--zone", FORGED, "x.json")).isEqualTo(2);

        assertThat(err.toString().lines().findFirst())
                .hasValueSatisfying(line -> assertThat(line).contains("x?steptrail: y?[2J?.json"));
        assertThat(err.toString()).contains("steptrail import").doesNotContain("\u001b[2J");
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

        assertThat(run("import", recordings)).isEqualTo(1);

        assertThat(err.toString().lines())
                .containsExactly(
                        "steptrail: " + device + ": is not a regular file",
                        "steptrail: " + link + ": is not a regular file",
                        "steptrail: " + missing + ": does not exist",
                        "steptrail: " + pipe + ": is not a regular file");
        assertThat(out.toString()).contains("shipped 2 records");
    }

    private int run(String command, Object... what) {
        List<String> arguments = new ArrayList<>(
                List.of(command, "--outbox", folder.resolve("outbox").toString()));
        for (Object argument : what) {
            arguments.add(argument.toString());
        }
        return Steptrail.run(
                aws.environment(),
                new PrintWriter(out, true),
                new PrintWriter(err, true),
                arguments.toArray(String[]::new));
    }

    private static String naming(String picture) throws IOException {
        ObjectMapper json = new ObjectMapper();
        ObjectNode recording =
                (ObjectNode) json.readTree(Screens.sample("weather-finished").toFile());
        ((ObjectNode) recording.withArray("steps").get(0)).put("screenshot_path", picture);
        return json.writeValueAsString(recording);
    }
}
