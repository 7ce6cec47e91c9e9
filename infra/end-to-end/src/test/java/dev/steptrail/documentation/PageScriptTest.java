package dev.steptrail.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A page whose commands fail, or print something else than it shows, is reported with the line and the output. */
class PageScriptTest {
    @TempDir
    Path folder;

    @Test
    void variables_lastFromBlockToBlock() throws Exception {
        assertThat(run("""
                ```sh runnable
                NAME=ann
                ```
                ```sh runnable
                echo "task 12 of $NAME"
                ```
                ```text output
                task 7 of ann
                ```
                """)).isEmpty();
    }

    @Test
    void failedCommand_isReportedWithItsLineAndOutput() throws Exception {
        assertThat(String.join("\n", run("""
                # Title

                ```sh runnable
                echo fine
                ls no-such-file
                ```
                """)))
                .contains("page.md:5: status ", "ls no-such-file", "fine\n", "page.md:3");
    }

    @Test
    void otherOutput_isReported() throws Exception {
        assertThat(run("""
                ```sh runnable
                echo three steps
                ```
                ```text output
                two steps
                ```
                """)).hasSize(2).last().isEqualTo("three steps");
    }

    @Test
    void backgroundProgramThatEndsAtOnce_isReported() throws Exception {
        assertThat(String.join("\n", run("""
                ```sh background
                false
                ```
                """))).contains("page.md:");
    }

    @Test
    void javaThatDoesNotCompile_isReported() throws Exception {
        assertThat(String.join("\n", run("""
                ```java runnable
                int number = "text";
                ```
                """))).contains("incompatible types");
    }

    @Test
    void examples_areNotRun() throws Exception {
        assertThat(run("""
                ```sh example
                false
                ```
                """)).isEmpty();
    }

    private List<String> run(String text) throws Exception {
        Path page = Files.writeString(folder.resolve("page.md"), text);
        return new PageScript(page, folder.resolve("pages")).run(folder, Map.of(), new ArrayList<>(), "");
    }
}
