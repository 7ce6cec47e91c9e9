package dev.steptrail.cli.downloads;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.cli.ApiTestBase;
import dev.steptrail.cli.ScriptedApi.Response;
import dev.steptrail.cli.ScriptedApi.Run;
import dev.steptrail.stepformat.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code steptrail attachments}, with a file server in place of the bucket. */
class AttachmentsTest extends ApiTestBase {
    private static final String STEPS = "GET /api/tasks/" + TASK + "/steps?include_model_calls=true";
    private static final String ATTACHMENT =
            "GET /api/steps/" + TASK + ".2/attachment?field=model_input&redirect=false";
    private static final byte[] CONTENT = "content".getBytes(StandardCharsets.UTF_8);
    private static final String HASH = Sha256.hex(CONTENT);

    @TempDir
    Path folder;

    AttachmentsTest() {
        api.on(STEPS, Response.json(200, """
                {"steps":[{"step_number":1},{"step_number":2,"attachments":[
                  {"field":"model_input","path":"attachments/a","file_hash":"%s","file_size":7}]}],"next_cursor":null}""".formatted(HASH)));
        api.on("GET /api/tasks/" + TASK, Response.json(200, """
                {"extra_start_fields":{"attachments":[
                  {"field":"description","file_hash":"%s","file_size":7}]},"extra_end_fields":null}""".formatted(HASH)));
        api.on(
                "GET /api/tasks/" + TASK + "/attachment?field=description&redirect=false",
                Response.json(200, "{\"url\":\"" + store.address() + "/a?secret\"}"));
        api.on(ATTACHMENT, Response.json(200, "{\"url\":\"" + store.address() + "/a?secret\"}"));
    }

    @Test
    void attachments_areListed() {
        Run run = api.run("attachments", TASK);

        assertThat(run.err()).isEmpty();
        assertThat(run.out().lines())
                .containsExactly(
                        "STEP  FIELD        COMPRESSED BYTES  SHA-256",
                        "-     description  7                 " + HASH,
                        "2     model_input  7                 " + HASH);
        assertThat(api.run("attachments", TASK, "--json").out())
                .contains("\"step_number\":2", "\"path\":\"attachments/a\"");
    }

    @Test
    void attachments_areSaved_andSkippedIfTheyAreThere() throws IOException {
        store.on("GET /a?secret", new Response(200, Map.of(), CONTENT));

        Run first = api.run("attachments", TASK, "--out", folder.resolve("new").toString());
        Run second = api.run("attachments", TASK, "--out", folder.resolve("new").toString(), "--json");

        assertThat(first.out()).startsWith("saved 2 attachments to ");
        assertThat(folder.resolve("new/task-description.json.gz")).hasBinaryContent(CONTENT);
        assertThat(folder.resolve("new/000002-model_input.json.gz")).hasBinaryContent(CONTENT);
        assertThat(second.out().strip()).isEqualTo("{\"saved\":0,\"already_there\":2,\"failed\":0}");
    }

    @Test
    void damagedAttachment_isNamed_andNotSaved() throws IOException {
        store.on("GET /a?secret", new Response(200, Map.of(), new byte[] {1}));

        Run run = api.run("attachments", TASK, "--out", folder.toString());

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err())
                .contains(
                        "000002-model_input.json.gz: the downloaded content is damaged",
                        "task-description.json.gz: the downloaded content is damaged")
                .doesNotContain("secret");
        try (var files = Files.list(folder)) {
            assertThat(files).isEmpty();
        }
    }

    @Test
    void modelCalls_ofStepsAndReports_areAskedFor() {
        api.on(
                "GET /api/tasks/" + TASK + "/steps?include_model_calls=true&limit=1000&order=asc",
                Response.json(200, "{\"steps\":[],\"next_cursor\":null}"));
        api.on(
                "GET /api/tasks/" + TASK + "/report?format=csv&include_model_calls=true",
                new Response(200, Map.of(), CONTENT));

        assertThat(api.run("steps", TASK, "--model-calls", "--json").exitCode()).isZero();
        assertThat(api.run("report", TASK, "--format", "csv", "--model-calls").out())
                .contains("content");
        assertThat(api.run("steps", TASK, "--model-calls").err()).contains("--model-calls requires --json");
        assertThat(api.run("report", TASK, "--model-calls", "--json").err())
                .contains("--model-calls requires --format md, csv, html or pdf");
    }
}
