package dev.steptrail.cli.reports;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.steptrail.cli.ApiTestBase;
import dev.steptrail.cli.ScriptedApi.Response;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code steptrail report} as Markdown and as JSON. */
class ReportTest extends ApiTestBase {
    private static final String REPORT = "GET /api/tasks/" + TASK + "/report";

    @Test
    void markdownOfTheApi_isPrintedWithoutControlCharacters_andSavedUnchanged(@TempDir Path folder) {
        byte[] markdown = "# 音量\r\n\u001b[2J| a\tb |\n".getBytes(UTF_8);
        Path file = folder.resolve("report.md");
        api.on(REPORT + "?format=md", Response.bytes(markdown));

        for (String[] arguments : new String[][] {{"report", TASK}, {"report", TASK, "--format", "md"}}) {
            assertThat(api.run(arguments).out().lines()).containsExactly("# 音量", "?[2J| a?b |");
        }
        assertThat(api.run("report", TASK, "--out", file.toString()).exitCode()).isZero();
        assertThat(file).hasBinaryContent(markdown);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--json", "--format json"})
    void json_equalsResponseOfApi(String option) throws Exception {
        api.on(REPORT, Response.json(200, "{\"step_success_rate\":0.10,\"name\":\"音\"}"));

        String out = api.run(("report " + TASK + " " + option).split(" ")).out();

        assertThat(new ObjectMapper().readTree(out).path("name").asText()).isEqualTo("音");
        assertThat(out).contains("0.10");
        assertThat(api.requestLines()).containsExactly(REPORT);
    }
}
