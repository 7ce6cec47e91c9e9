package dev.steptrail.cli.downloads;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.cli.ApiTestBase;
import dev.steptrail.cli.ScriptedApi.Response;
import dev.steptrail.cli.ScriptedApi.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code steptrail screenshots}, with a file server in place of the bucket. */
class ScreenshotsTest extends ApiTestBase {
    private static final String SCREENSHOTS = "GET /api/tasks/" + TASK + "/screenshots";
    private static final Response EXPIRED = new Response(403, Map.of(), new byte[0]);

    @TempDir
    Path folder;

    @Test
    void screenshots_areListed_withoutTheirUrls() throws Exception {
        api.on(SCREENSHOTS, page(null, screenshot(1, "before", 1, "one", "/one?secret")));

        Run run = api.run("screenshots", TASK);

        assertThat(run.err()).isEmpty();
        assertThat(run.out().lines())
                .containsExactly(
                        "STEP  ROLE    SIZE       BYTES  SENSITIVE  SHA-256",
                        "1     before  1080x2400  3      no         " + sha256("one"));
        assertThat(api.requestLines()).containsExactly(SCREENSHOTS);
        assertThat(api.run("screenshots", TASK, "--json").out())
                .contains("\"url\":\"" + store.address() + "/one?secret");
    }

    @Test
    void allPages_areSaved_namedByStepAndRole() throws Exception {
        api.on(
                SCREENSHOTS,
                page(
                        "next",
                        screenshot(1, "before", 1, "one", "/one"),
                        screenshot(1, "other", 2, "two", "/two"),
                        screenshot(1, "other", 3, "three", "/three")));
        api.on(SCREENSHOTS + "?cursor=next", page(null, screenshot(12345, "after", 1, "four", "/four")));
        store("one", "two", "three", "four");

        Run run = api.run("screenshots", TASK, "--out", folder.resolve("a/b").toString());

        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).isEqualTo("saved 4 screenshots to " + folder.resolve("a/b") + System.lineSeparator());
        assertThat(contents(folder.resolve("a/b")))
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "0001-before.webp", "one",
                        "0001-other.webp", "two",
                        "0001-other-3.webp", "three",
                        "12345-after.webp", "four"));
        assertThat(store.requests())
                .allSatisfy(request -> assertThat(request.authorization()).isNull());
    }

    @Test
    void savedFile_isNotFetchedAgain_andDifferentFileIsReplaced() throws Exception {
        Files.writeString(folder.resolve("0001-before.webp"), "one");
        Files.writeString(folder.resolve("0002-before.webp"), "half of it");
        api.on(
                SCREENSHOTS,
                page(null, screenshot(1, "before", 1, "one", "/one"), screenshot(2, "before", 1, "two", "/two")));
        store("one", "two");

        Run run = api.run("screenshots", TASK, "--out", folder.toString());

        assertThat(run.out())
                .isEqualTo("saved 1 screenshot to " + folder + "; skipped 1 existing file" + System.lineSeparator());
        assertThat(store.requestLines()).containsExactly("GET /two");
        assertThat(contents(folder)).containsEntry("0002-before.webp", "two");
        assertThat(api.run("screenshots", TASK, "--json", "--out", folder.toString())
                        .out()
                        .strip())
                .isEqualTo("{\"saved\":0,\"already_there\":2,\"failed\":0}");
    }

    @Test
    void expiredUrls_areRequestedAgain() throws Exception {
        api.on(
                SCREENSHOTS,
                page(null, screenshot(1, "before", 1, "one", "/one"), screenshot(2, "before", 1, "two", "/old?secret")),
                page(null, screenshot(1, "before", 1, "one", "/one"), screenshot(2, "before", 1, "two", "/two")));
        store("one", "two");
        store.on("GET /old", EXPIRED);

        Run run = api.run("screenshots", TASK, "--out", folder.toString());

        assertThat(run.err()).isEmpty();
        assertThat(contents(folder)).isEqualTo(Map.of("0001-before.webp", "one", "0002-before.webp", "two"));
        assertThat(api.requestLines()).hasSize(2);
        assertThat(store.requestLines()).containsExactlyInAnyOrder("GET /one", "GET /old?secret", "GET /two");
    }

    @Test
    void missingOrDamagedPicture_isNamed_andOthersAreSaved() throws Exception {
        api.on(
                SCREENSHOTS,
                page(
                        null,
                        screenshot(1, "before", 1, "one", "/one"),
                        screenshot(2, "before", 1, "two", "/gone?secret"),
                        screenshot(3, "before", 1, "three", "/damaged")));
        store("one");
        store.on("GET /gone", new Response(404, Map.of(), new byte[0]));
        store.on("GET /damaged", Response.bytes("thre".getBytes(UTF_8)));

        Run run = api.run("screenshots", TASK, "--out", folder.toString());

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err().lines())
                .containsExactly(
                        "steptrail: 0002-before.webp: the file is no longer stored",
                        "steptrail: 0003-before.webp: the downloaded content is damaged: its SHA-256 differs");
        assertThat(contents(folder)).isEqualTo(Map.of("0001-before.webp", "one"));
    }

    @Test
    void pathTraversal_isPrevented() throws Exception {
        api.on(
                SCREENSHOTS,
                page(null, screenshot(1, "../../x", 1, "one", "/one").replace("webp", "/etc/x")));
        store("one");

        assertThat(api.run("screenshots", TASK, "--out", folder.toString()).exitCode())
                .isZero();
        assertThat(contents(folder)).containsOnlyKeys("0001-other.webp");
    }

    @Test
    void fileInPlaceOfFolder_isReported() throws Exception {
        Path file = Files.createFile(folder.resolve("x"));

        assertThat(api.run("screenshots", TASK, "--out", file.toString()).err())
                .isEqualTo("steptrail: " + file + " exists and is not a folder: choose another one with --out"
                        + System.lineSeparator());
    }

    private void store(String... contents) {
        for (String content : contents) {
            store.on("GET /" + content, Response.bytes(content.getBytes(UTF_8)));
        }
    }

    private static Response page(String cursor, String... screenshots) {
        return Response.json(
                200,
                "{\"screenshots\":[" + String.join(",", screenshots) + "],\"expires_at\":null,\"next_cursor\":"
                        + (cursor == null ? "null" : "\"" + cursor + "\"") + "}");
    }

    private String screenshot(int step, String role, int screenshotIndex, String content, String path)
            throws Exception {
        return ("{\"step_number\":%d,\"role\":\"%s\",\"screenshot_index\":%d,\"url\":\"%s\",\"file_hash\":\"%s\",\"file_size\":%d,"
                        + "\"width\":1080,\"height\":2400,\"format\":\"webp\",\"sensitive\":false}")
                .formatted(step, role, screenshotIndex, store.address() + path, sha256(content), content.length());
    }

    private static String sha256(String content) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content.getBytes(UTF_8)));
    }

    private static Map<String, String> contents(Path folder) {
        return Arrays.stream(folder.toFile().listFiles()).collect(Collectors.toMap(file -> file.getName(), file -> {
            try {
                return Files.readString(file.toPath());
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }));
    }
}
