package dev.steptrail.cli.judging;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.cli.ScriptedApi.Response;
import dev.steptrail.cli.ScriptedApi.Run;
import dev.steptrail.cli.api.Api;
import dev.steptrail.cli.api.ApiQuery;
import dev.steptrail.cli.api.EnvironmentToken;
import dev.steptrail.cli.downloads.SavedFiles;
import dev.steptrail.cli.downloads.ScreenshotSaver;
import dev.steptrail.stepformat.Sha256;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** The pictures that an evaluator program reads. */
@EnabledOnOs(OS.LINUX)
class EvaluatePicturesTest extends EvaluateTestBase {
    @Test
    void program_readsTaskStepsAndPictures_whichAreDeletedAfterwards() throws Exception {
        tasks(task(FIRST, "succeeded", "true"));
        store.on("GET /picture", Response.bytes("webp".getBytes(UTF_8)));
        String screenshot = "{\"step_number\":1,\"screenshot_index\":0,\"role\":\"before\",\"format\":\"webp\","
                + "\"file_size\":4,\"file_hash\":\"" + Sha256.hex("webp".getBytes(UTF_8)) + "\"";
        api.on(
                "GET /api/tasks/ID/steps",
                Response.json(
                        200,
                        "{\"steps\":[{\"step_number\":1,\"screenshots\":[" + screenshot
                                + "}]}],\"next_cursor\":\"n\"}"),
                Response.json(200, "{\"steps\":[{\"step_number\":2,\"screenshots\":[]}],\"next_cursor\":null}"));
        api.on(
                "GET /api/tasks/ID/screenshots",
                Response.json(
                        200,
                        "{\"screenshots\":[" + screenshot + ",\"url\":\"" + store.address()
                                + "/picture?secret\"}],\"next_cursor\":null}"));
        Path copy = folder.resolve("copy");
        Path picture = folder.resolve("picture");
        String judge = "sh -c 'cat > " + copy + "; cp \"$(grep -o \"/[^\\\"]*webp\" " + copy + " | head -n 1)\" "
                + picture + "; echo {\\\"value\\\":\\\"pass\\\"}'";

        Run run = evaluate(judge);

        assertThat(run.err()).isEmpty();
        String input = Files.readString(copy);
        assertThat(input)
                .startsWith("{\"task\":{\"task_id\":\"" + FIRST)
                .contains("\"steps\":[{\"step_number\":1,", "{\"step_number\":2,")
                .doesNotContain("secret");
        assertThat(Files.readString(picture)).isEqualTo("webp");
        Path path = Path.of(input.replaceAll("(?s).*\"path\":\"([^\"]+)\".*", "$1"));
        assertThat(path).hasFileName("0001-before.webp");
        assertThat(path.getParent().getParent()).doesNotExist();
    }

    @Test
    void pathsOfTheRecorder_areRemoved() throws Exception {
        tasks(task(FIRST, "succeeded", "true"));
        api.on(
                "GET /api/tasks/ID/steps",
                Response.json(
                        200,
                        "{\"steps\":[{\"step_number\":1,\"path\":\"/etc/shadow\",\"screenshots\":["
                                + "{\"screenshot_index\":0,\"path\":\"/etc/passwd\"}]}],\"next_cursor\":null}"));
        Path copy = folder.resolve("copy");
        String judge = "sh -c 'cat > " + copy + "; echo {\\\"value\\\":\\\"pass\\\"}'";

        for (String option : List.of("--rejudge", "--no-screenshots")) {
            assertThat(evaluate(judge, option).err()).isEmpty();
            assertThat(Files.readString(copy))
                    .contains("\"screenshot_index\":0")
                    .doesNotContain("/etc/", "path");
        }
    }

    @Test
    void missingPicture_isOneLine_andCanBeLeftOut() {
        tasks(task(FIRST, "succeeded", "true"));
        api.on(
                "GET /api/tasks/ID/screenshots",
                Response.json(
                        200,
                        "{\"screenshots\":[{\"step_number\":1,\"role\":\"before\",\"url\":\"" + store.address()
                                + "/gone\"}],\"next_cursor\":null}"));
        store.on("GET /gone", new Response(404, Map.of(), new byte[0]));

        assertThat(evaluate(PASS).err().strip())
                .isEqualTo("steptrail: " + FIRST + ": screenshot 0001-before.webp: the file is no longer stored;"
                        + " --no-screenshots judges without pictures");
        assertThat(evaluate(PASS, "--no-screenshots").err()).isEmpty();
    }

    /** The recorder reports the sizes, which may be wrong. */
    @Test
    void downloadEnds_whenThePicturesAreLargerThanReported() throws Exception {
        api.on(
                "GET /api/tasks/ID/screenshots",
                Response.json(200, "{\"screenshots\":[" + screenshot(1, "/small") + "],\"next_cursor\":\"n\"}"),
                Response.json(200, "{\"screenshots\":[" + screenshot(2, "/large") + "],\"next_cursor\":null}"));
        store.on("GET /small", Response.bytes(new byte[10]));
        store.on("GET /large", Response.bytes(new byte[100_000]));
        ApiQuery query = new ApiQuery("/api/tasks/" + FIRST + "/screenshots", "screenshots");
        Api client = Api.of(api.address(), new EnvironmentToken(Map.of("STEPTRAIL_TOKEN", "token")));

        try (ScreenshotSaver saver = new ScreenshotSaver(client)) {
            SavedFiles saved = saver.save(query, folder, 100_009);

            assertThat(saved.names()).containsOnlyKeys("1/0");
            assertThat(saved.failures())
                    .isEqualTo(Map.of("0002-before.webp", "the screenshots have more than 100009 bytes"));
            assertThat(folder).isDirectoryNotContaining("glob:**0002*");
            assertThat(saver.save(query, folder, 100_010).failures()).isEmpty();
        }
    }

    private String screenshot(int step, String path) {
        return "{\"step_number\":" + step + ",\"role\":\"before\",\"file_size\":1,\"url\":\"" + store.address() + path
                + "\"}";
    }

    @Test
    void tooManyBytesOfPictures_areNotDownloaded() {
        tasks(task(FIRST, "succeeded", "true"));
        api.on(
                "GET /api/tasks/ID/screenshots",
                Response.json(
                        200,
                        "{\"screenshots\":[{\"step_number\":1,\"file_size\":536870913,\"url\":\"" + store.address()
                                + "/large\"}],\"next_cursor\":null}"));

        assertThat(evaluate(PASS).err().strip())
                .isEqualTo("steptrail: " + FIRST + ": the screenshots have more than 536870912 bytes;"
                        + " --no-screenshots judges without pictures");
        assertThat(store.requests()).isEmpty();
    }
}
