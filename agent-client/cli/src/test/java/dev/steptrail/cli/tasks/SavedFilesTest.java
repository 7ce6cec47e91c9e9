package dev.steptrail.cli.tasks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.cli.ApiTestBase;
import dev.steptrail.cli.ScriptedApi.Response;
import dev.steptrail.cli.ScriptedApi.Run;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that {@code steptrail report} and {@code steptrail export} save, with a file server in place of the bucket. */
class SavedFilesTest extends ApiTestBase {
    private static final String REPORT = "GET /api/tasks/" + TASK + "/report";
    private static final String EXPORT = "GET /api/tasks/" + TASK + "/export";
    private static final byte[] ZIP = "PK\u0003\u0004…".getBytes(UTF_8);

    @TempDir
    Path folder;

    @Test
    void storedFile_isFetchedWithoutToken_andUrlIsNotPrinted() {
        Path file = folder.resolve("run.zip");
        api.on(EXPORT, Response.redirect(store.address() + "/exports/x.zip?X-Amz-Signature=secret"));
        store.on("GET /exports/x.zip?X-Amz-Signature=secret", Response.bytes(ZIP));

        Run run = api.run("export", TASK, "--out", file.toString());

        assertThat(run.err()).isEmpty();
        assertThat(run.out()).isEqualTo("saved " + file + " (7 bytes)" + System.lineSeparator());
        assertThat(file).hasBinaryContent(ZIP);
        assertThat(store.requests()).singleElement().satisfies(request -> assertThat(request.authorization())
                .isNull());
        assertThat(api.run("export", TASK, "--json", "--out", file.toString()).out())
                .contains("\"bytes\":7")
                .doesNotContain("secret");
    }

    @Test
    void pendingFile_isAwaited_withOneMessage() {
        Path file = folder.resolve("run.pdf");
        Response notYet = new Response(202, Map.of("Retry-After", "1"), "{\"status\":\"in_progress\"}".getBytes(UTF_8));
        api.on(REPORT + "?format=pdf", notYet, notYet, Response.redirect(store.address() + "/x"));
        store.on("GET /x", Response.bytes(ZIP));

        Run run = api.run("report", TASK, "--format", "pdf", "--out", file.toString());

        assertThat(run.exitCode()).isZero();
        assertThat(run.err()).isEqualTo("steptrail: waiting for the API to create the file" + System.lineSeparator());
        assertThat(file).hasBinaryContent(ZIP);
        assertThat(api.requestLines()).hasSize(3);
    }

    @Test
    void filteredTasks_areSavedAsJsonLines() {
        Path file = folder.resolve("failed.jsonl");
        api.on("GET /api/export", Response.redirect(store.address() + "/x"));
        store.on("GET /x", Response.bytes("{}\n".getBytes(UTF_8)));

        Run run = api.run(
                "export", "--status", "failed", "--text", "音 量", "--since", "2026-05-14T09:41:00Z", "--out", "" + file);

        assertThat(run.err()).isEmpty();
        assertThat(file).hasContent("{}\n");
        assertThat(api.requestLines())
                .containsExactly(
                        "GET /api/export?since=2026-05-14T09%3A41%3A00Z&status=failed&text=%E9%9F%B3%20%E9%87%8F");
        assertThat(api.run("export", "--all", "--out", "" + file).out()).startsWith("saved " + file + " (3 bytes)");
        assertThat(api.requestLines()).last().isEqualTo("GET /api/export");
    }

    @Test
    void pendingExport_repeatsStateOfFirstRequest() {
        Path file = folder.resolve("all.jsonl");
        Response notYet = new Response(
                202,
                Map.of("Retry-After", "1"),
                "{\"state\":\"0123456789abcdef\",\"status\":\"in_progress\"}".getBytes(UTF_8));
        api.on("GET /api/export?status=failed", notYet);
        api.on(
                "GET /api/export?status=failed&state=0123456789abcdef",
                notYet,
                Response.redirect(store.address() + "/x"));
        store.on("GET /x", Response.bytes(new byte[0]));

        assertThat(api.run("export", "--all", "--status", "failed", "--out", "" + file)
                        .exitCode())
                .isZero();
        assertThat(file).isEmptyFile();
        assertThat(api.requestLines()).hasSize(3);
    }

    @Test
    void exportOfBothOneAndMany_orNone_isWrongUsage() {
        assertThat(api.run("export").exitCode()).isEqualTo(2);
        assertThat(api.run("export", TASK, "--all").err())
                .contains("expected either a TASK, or --all, or a filter such as --since");
        assertThat(api.requestLines()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "http:/nowhere?secret",
                "file:///etc/passwd?secret",
                "ftp://127.0.0.1/secret",
                "http://127.0.0.1:1/secret",
                "http://exa mple/secret",
                "http://127.0.0.1:99999/secret"
            })
    void invalidRedirect_isReportedInOneLine_withoutUrl(String location) {
        api.on(EXPORT, location.isEmpty() ? new Response(302, Map.of(), new byte[0]) : Response.redirect(location));

        Run run = api.run("export", TASK, "--out", folder.resolve("x.zip").toString());

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err().lines()).hasSize(1);
        assertThat(run.err()).startsWith("steptrail: the ").doesNotContain("secret");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void failedDownload_isReportedInOneLine_andKeepsOldFile() throws Exception {
        Path file = Files.writeString(folder.resolve("x.zip"), "before");
        api.on(EXPORT, Response.redirect(store.address() + "/x?secret"));
        store.on("GET /x", new Response(403, Map.of(), "<Error>AKIA</Error>".getBytes(UTF_8)));

        Run run = api.run("export", TASK, "--out", file.toString());

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err())
                .isEqualTo("steptrail: the file store responded with status 403; try again" + System.lineSeparator());
        assertThat(file).hasContent("before");
    }

    @Test
    void rejectedExport_isReportedInOneLine() {
        api.on(EXPORT, Response.problem(409, "archived", "The task is archived: ask an admin to restore it."));

        assertThat(api.run("export", TASK).err())
                .isEqualTo("steptrail: The task is archived: ask an admin to restore it." + System.lineSeparator());
    }

    @Test
    void exportFailingDuringWait_isReportedInOneLine() {
        Response notYet = new Response(202, Map.of("Retry-After", "1"), "{\"status\":\"in_progress\"}".getBytes(UTF_8));
        api.on(EXPORT, notYet, Response.problem(500, "export-failed", "The export failed. Retry later."));
        Path file = folder.resolve("x.zip");

        Run run = api.run("export", TASK, "--out", file.toString());

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err().lines())
                .containsExactly(
                        "steptrail: waiting for the API to create the file",
                        "steptrail: The export failed. Retry later.");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void language_isPassedToApi() {
        api.on(REPORT, Response.bytes("# 任务\n".getBytes(UTF_8)));
        api.on(EXPORT, Response.bytes(ZIP));
        String file = folder.resolve("x").toString();

        assertThat(api.run("report", TASK, "--lang", "zh").out()).startsWith("# 任务");
        assertThat(api.run("export", TASK, "--lang", "zh", "--out", file).exitCode())
                .isZero();
        assertThat(api.requestLines()).containsExactly(REPORT + "?format=md&lang=zh", EXPORT + "?lang=zh");

        assertThat(api.run("report", TASK, "--format", "csv", "--lang", "zh").err())
                .contains("--lang requires --format md, html or pdf");
        assertThat(api.run("report", TASK, "--format", "md", "--lang", "fr").err())
                .contains("--lang must be one of en, zh");
        assertThat(api.run("export", "--all", "--lang", "zh").exitCode()).isEqualTo(2);
        assertThat(api.requestLines()).hasSize(2);
    }

    @Test
    void invalidTarget_isReported_beforeAnyRequest() {
        assertThat(api.run("export", TASK, "--out", folder.toString()).err())
                .isEqualTo("steptrail: " + folder + " exists and is not a file: choose another path"
                        + System.lineSeparator());
        Path file = folder.resolve("none/x.zip");
        assertThat(api.run("export", TASK, "--out", file.toString()).err())
                .isEqualTo(
                        "steptrail: " + file + " is in a folder that does not exist: create it, or choose another path"
                                + System.lineSeparator());
        assertThat(api.requestLines()).isEmpty();
    }
}
