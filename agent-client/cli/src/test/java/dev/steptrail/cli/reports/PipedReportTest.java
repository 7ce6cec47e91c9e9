package dev.steptrail.cli.reports;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.cli.ApiTestBase;
import dev.steptrail.cli.ScriptedApi.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** A report that is written to a file or pipe, which the start script reports by a system property. */
@Isolated("changes a system property of the process")
class PipedReportTest extends ApiTestBase {
    @BeforeEach
    void pipe() {
        System.setProperty("steptrail.columns", "");
    }

    @AfterEach
    void noPipe() {
        System.clearProperty("steptrail.columns");
    }

    @Test
    void csv_isPrintedUnchanged() throws Exception {
        String csv = "\uFEFFstep_number,thinking\r\n1,\"a\tb\u200d\n\"\r\n";
        api.on("GET /api/tasks/" + TASK + "/report?format=csv", Response.bytes(csv.getBytes(UTF_8)));

        assertThat(api.run("report", TASK, "--format", "csv").out()).isEqualTo(csv);
    }
}
