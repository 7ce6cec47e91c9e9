package dev.steptrail.openautoglm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.steptrail.stepformat.EndReason;
import dev.steptrail.stepformat.TaskEnded;
import dev.steptrail.stepformat.TaskStatus;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The base of the tests of the Python file, which run it with an agent whose phone and model are scripted. */
abstract class PlaysScenarios {
    static final String TASK = "查一下今天的天气";

    @RegisterExtension
    static final PlayedScenarios PLAYED = new PlayedScenarios();

    @TempDir
    Path folder;

    @BeforeAll
    static void pythonIsThere() throws InterruptedException {
        assumeTrue(
                runs("python3", "-c", "import sys; sys.exit(sys.version_info < (3, 10))"),
                "skipped: tracking Open-AutoGLM needs python3, 3.10 or later");
    }

    /** Whether the command can be run and exits with 0. */
    static boolean runs(String... command) throws InterruptedException {
        try {
            return new ProcessBuilder(command).start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    static Scenario play(String name) throws Exception {
        return PLAYED.get(name);
    }

    static void assertEnds(Scenario run, TaskStatus status, EndReason endReason, String message, int lastStep)
            throws IOException {
        TaskEnded ended = run.only(TaskEnded.class);
        assertThat(run.records()).endsWith(ended);
        assertThat(ended.status()).isEqualTo(status);
        assertThat(ended.endReason()).isEqualTo(endReason);
        assertThat(ended.message()).isEqualTo(message);
        assertThat(ended.lastStepNumber()).isEqualTo(lastStep);
    }
}
