package dev.steptrail.cli.judging;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.cli.ScriptedApi.Run;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The options of {@code steptrail evaluate}. */
@EnabledOnOs(OS.LINUX)
class EvaluateUsageTest extends EvaluateTestBase {
    @ParameterizedTest
    @CsvSource({
        "sh FOLDER/good.sh, good.sh",
        "sh -e FOLDER/other.sh --strict, other.sh",
        "/usr/bin/env sh FOLDER/good.sh FOLDER/other.sh, good.sh",
        "echo {}, echo"
    })
    void scripts_haveTheirOwnNames(String command, String name) throws Exception {
        for (String script : List.of("good.sh", "other.sh")) {
            Files.writeString(folder.resolve(script), "cat >/dev/null; echo '{\"value\":\"pass\"}'");
        }
        tasks(task(FIRST, "succeeded", "true"));

        Run run = api.run(
                "evaluate",
                "--command",
                command.replace("FOLDER", folder.toString()),
                "--evaluator-version",
                "1",
                "--dry-run",
                "--json");

        assertThat(run.out()).contains("\"evaluator\" : \"" + name + "\"");
    }

    @Test
    void commandOfAnInterpreter_requiresAName() {
        Run run = api.run("evaluate", "--command", PASS, "--evaluator-version", "1");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("add --evaluator NAME, because no argument of sh is the file of a program; see");
        assertThat(api.requests()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--agent x                              | missing evaluator (expected --command, or at least one rule such as --expect-message)",
                "--command sh                           | --command requires --evaluator-version; change it whenever the program changes, so that it judges the tasks again",
                "--command sh --max-steps 3             | --command and rules are different evaluators; run one command for each",
                "--max-steps 3 --evaluator-version 1    | --evaluator-version is not allowed with rules, whose version is computed from them",
                "--command no-judge --evaluator-version 1 | --command 'no-judge': no-judge is not an executable file (check the path, and run chmod +x)",
                "--command sh --evaluator-version 1     | --command 'sh': add --evaluator NAME, because no argument of sh is the file of a program",
                "--command 'x --evaluator-version 1     | --command ''x': the quote ' is not closed",
                "--max-steps -1                         | --max-steps must be at least 0, but is -1",
                "--max-distance 3                       | --max-distance requires --expect-screen",
                "--expect-screen x --max-distance 65    | --max-distance must be 0 to 64, but is 65",
                "--max-steps 3 --limit 0                | --limit must be at least 1, but is 0",
                "--max-steps 3 --timeout 0              | --timeout must be 1 to 86400, but is 0",
                "--max-steps 3 --parallel 33            | --parallel must be 1 to 32, but is 33",
                "--max-steps 3 --no-screenshots         | --no-screenshots requires --command; rules download no screenshots"
            })
    void wrongUsage_isReported_withoutARequest(String arguments, String problem) {
        Run run = api.run(Stream.concat(Stream.of("evaluate"), Stream.of(arguments.split(" ")))
                .toArray(String[]::new));

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err().strip()).isEqualTo("steptrail: " + problem + "; see steptrail evaluate --help");
        assertThat(api.requests()).isEmpty();
    }

    @Test
    void emptyOrLongNames_areReported() {
        assertThat(api.run("evaluate", "--expect-app", " ").err()).contains("--expect-app is empty");
        assertThat(api.run("evaluate", "--max-steps", "3", "--name", "x".repeat(101))
                        .err())
                .contains("--name must be 1 to 100 characters, without control characters");
    }

    @Test
    void unreadablePicture_isReported() throws Exception {
        Path text = Files.writeString(folder.resolve("picture.webp"), "no picture");

        Run broken = api.run("evaluate", "--expect-screen", text.toString());
        assertThat(broken.exitCode()).isEqualTo(2);
        assertThat(broken.err())
                .startsWith("steptrail: --expect-screen: " + text + " is not a valid WebP, PNG or JPEG picture;");
        Run missing =
                api.run("evaluate", "--expect-screen", folder.resolve("no").toString());
        assertThat(missing.exitCode()).isEqualTo(2);
        assertThat(missing.err())
                .startsWith("steptrail: --expect-screen: " + folder.resolve("no") + " does not exist;");
        assertThat(api.requests()).isEmpty();
    }
}
