package dev.steptrail.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.cli.terminal.TextFormat;
import dev.steptrail.shipper.fixture.JavaProcess;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The behaviour that all commands share. */
@Tag("slow")
class SteptrailIT extends SteptrailTestBase {
    @Test
    void wrongUsage_isReportedInOneLine_withExitCode2() {
        assertThat(run(aws.environment()).exitCode()).isEqualTo(2);
        assertThat(run(aws.environment()).err()).startsWith("steptrail: missing command (expected one of ship, ");
        assertThat(run(aws.environment(), "sail").err()).contains("'sail'");
        for (String[] wrong : new String[][] {
            {"sail"},
            {"ship", "--twice"},
            {"import"},
            {"import", "--zone", "Mars/Olympus", "x.json"},
            {"import", ""},
            {"import", "--screenshot", "a", "--screenshots", "b", "x.json"},
            {"import", "--screenshot", "a", "--no-screenshots", "x.json"},
            {"import", "--wait", "-5", "x.json"},
            {"import", "--wait", "0", "x.json"},
            {"doctor", "--wait", "0"}
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
    void emptyOutboxOption_isWrongUsage() {
        for (String command : List.of("status", "doctor", "import", "ship", "record")) {
            String[] arguments = {command, "--outbox", "", "x.json"};
            Run run = run(aws.environment(), Arrays.copyOf(arguments, command.equals("import") ? 4 : 3));

            assertThat(run.exitCode()).as(command).isEqualTo(2);
            assertThat(run.err())
                    .isEqualTo("steptrail: --outbox is empty; see steptrail " + command + " --help"
                            + System.lineSeparator());
        }
    }

    @Test
    void helpAndVersion_exitWith0() {
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
    void invalidOutbox_isReportedInOneLine() throws Exception {
        Files.createFile(outbox);

        for (String command : List.of("ship", "status")) {
            assertFailed(
                    run(aws.environment(), command, "--outbox", outbox.toString()),
                    "steptrail: the outbox " + outbox + " is not a folder");
        }
        assertThat(doctorOf(outbox)).contains("FAIL outbox: the outbox " + outbox + " is not a folder");
    }

    /** The output of doctor, which runs the other checks even if the outbox is invalid. */
    private List<String> doctorOf(Path outbox) {
        Run run = run(aws.environment(), "doctor", "--outbox", outbox.toString());

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).isEmpty();
        List<String> lines = run.out().lines().toList();
        for (String check : List.of("settings", "queue", "bucket", "disk", "encoder", "delivery")) {
            assertThat(lines).anyMatch(line -> line.startsWith("ok   " + check + ": "));
        }
        return lines;
    }

    @Test
    void missingOutbox_isNamed_andNotCreated() {
        for (String command : List.of("ship", "status")) {
            assertFailed(
                    run(aws.environment(), command, "--outbox", outbox.toString()),
                    "steptrail: the outbox " + outbox + " does not exist: correct --outbox, or create the folder");
            assertFailed(
                    run(aws.environment("STEPTRAIL_OUTBOX", outbox.toString()), command),
                    "steptrail: the outbox " + outbox
                            + " does not exist: correct STEPTRAIL_OUTBOX, or create the folder");
        }
        assertThat(doctorOf(outbox))
                .anyMatch(line -> line.startsWith("FAIL outbox: the outbox " + outbox
                        + " does not exist: correct --outbox, or create the folder"));
        assertThat(outbox).doesNotExist();
    }

    /** Like a user without an account in a container, whose home folder is {@code ?} in Java. */
    @ParameterizedTest
    @CsvSource({"record, steptrail:", "doctor, FAIL outbox:"})
    void withoutHomeFolder_commandRequiresOutbox(String name, String begin) throws Exception {
        ProcessBuilder command = JavaProcess.of(List.of("-Duser.home=?"), Steptrail.class, name)
                .directory(folder.toFile())
                .redirectErrorStream(true);
        command.environment()
                .keySet()
                .removeIf(variable -> variable.startsWith("STEPTRAIL_") || variable.equals("HOME"));
        Process process = command.start();
        process.getOutputStream().close();

        assertThat(process.inputReader(UTF_8).lines())
                .contains(begin + " cannot determine the home folder: set --outbox or STEPTRAIL_OUTBOX");
        assertThat(process.waitFor()).isEqualTo(1);
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void defaultOutbox_isInHomeFolderOfEnvironment() throws Exception {
        Path home = Files.createDirectory(folder.resolve("home"));

        Run run = run(Map.of("HOME", home.toString()), "status");

        assertThat(run.err()).isEmpty();
        assertThat(run.out()).contains("outbox   " + home.resolve(".steptrail/outbox") + System.lineSeparator());
    }

    @Test
    void invalidPort_isReportedInOneLine_byEachCommand() throws Exception {
        write();
        Map<String, String> environment = aws.environment("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:99999");

        assertFailed(
                run(environment, "ship", "--once", "--outbox", outbox.toString()),
                "steptrail: AWS_ENDPOINT_URL_S3 is not a valid URL: 'http://127.0.0.1:99999' (expected a port from 1 to"
                        + " 65535)");
        Run doctor = run(environment, "doctor", "--outbox", outbox.toString());
        assertThat(doctor.exitCode()).isEqualTo(1);
        assertThat(doctor.out()).startsWith("FAIL settings: AWS_ENDPOINT_URL_S3 is not a valid URL");
        assertThat(doctor.err()).isEmpty();
    }

    @Test
    void exceptionWithOnlyAPath_isReportedWithItsType() {
        assertThat(TextFormat.errorMessage(new NoSuchFileException("/a")))
                .isEqualTo("java.nio.file.NoSuchFileException: /a");
        assertThat(TextFormat.errorMessage(new FileSystemException("/a", null, "is full")))
                .isEqualTo("/a: is full");
        assertThat(TextFormat.errorMessage(new IOException())).isEqualTo("java.io.IOException");
    }
}
