package dev.steptrail.endtoend.viewer;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.AriaRole;
import dev.steptrail.endtoend.Api;
import java.awt.Color;
import java.awt.Rectangle;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;

/** Exports a task of five steps in each format. */
class DownloadsIT extends BrowserTest {
    private String task() {
        return ViewerCloud.sample("weather-finished");
    }

    /** Exports the task in this format and returns the file. */
    private byte[] exported(TaskPage page, String format) throws IOException {
        Download download = page.download(format);
        assertThat(download.suggestedFilename()).startsWith(task()).endsWith("." + format);
        assertThat(page.page().locator("st-export-dialog [role=status]").getByText(" saved"))
                .isVisible();
        return Files.readAllBytes(download.path());
    }

    private TaskPage open() {
        return TaskPage.open(reader(), task()).awaitPicture("before", 1);
    }

    @Test
    void csvMarkdownAndJson_equalTheServicesFiles() throws Exception {
        TaskPage page = open();
        Api api = cloud().api();
        String report = "/api/tasks/" + task() + "/report";

        assertThat(text(exported(page, "csv")))
                .isEqualTo(api.get(report + "?format=csv&lang=en").text());
        assertThat(text(exported(page, "md")))
                .isEqualTo(api.get(report + "?format=md&lang=en").text());
        assertThat(text(exported(page, "json"))).isEqualTo(api.get(report).text());
    }

    @Test
    void htmlPdfAndZip_areExportedWhileThePageStaysOpen() throws Exception {
        TaskPage page = open();

        assertThat(text(exported(page, "html"))).startsWith("<!").contains("data:image/webp;base64,");
        assertThat(text(exported(page, "pdf"))).startsWith("%PDF-");
        List<String> entries = new ArrayList<>();
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(exported(page, "zip")))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                entries.add(entry.getName());
            }
        }

        assertThat(entries)
                .anyMatch(name -> name.endsWith("records.jsonl"))
                .anyMatch(name -> name.endsWith("report.html"));
        assertThat(entries.stream().filter(name -> name.endsWith(".webp"))).hasSizeGreaterThanOrEqualTo(4);
        assertThat(page.stage()).isVisible();
    }

    @Test
    void animation_containsTheStoredFramesUnchanged_andTheBrowserPlaysIt() throws Exception {
        TaskPage page = open();

        byte[] animation = exported(page, "webp");

        List<AnimatedWebp.Frame> frames = AnimatedWebp.read(animation);
        List<byte[]> stored = new ArrayList<>();
        for (JsonNode picture :
                cloud().api().json("/api/tasks/" + task() + "/screenshots").get("screenshots")) {
            stored.add(
                    AnimatedWebp.image(Api.open(picture.get("url").textValue()).body()));
        }
        assertThat(frames).extracting(AnimatedWebp.Frame::image).containsExactlyElementsOf(stored);
        assertThat(frames).extracting(AnimatedWebp.Frame::milliseconds).containsExactly(900, 900, 900, 900, 2500);
        assertThat(page.page().evaluate("""
                        async (base64) => {
                          const data = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
                          const decoder = new ImageDecoder({ data, type: 'image/webp' });
                          await decoder.tracks.ready;
                          const decoded = [];
                          for (let frameIndex = 0; frameIndex < decoder.tracks.selectedTrack.frameCount; frameIndex++) {
                            const { image } = await decoder.decode({ frameIndex });
                            decoded.push(`${image.codedWidth}x${image.codedHeight}`);
                            image.close();
                          }
                          return decoded;
                        }""", Base64.getEncoder().encodeToString(animation)))
                .isEqualTo(Collections.nCopies(5, "1080x2400"));
    }

    @Test
    void animation_waitsForStepsThatAreStillLoading_andATruncatedResponseIsReported() throws Exception {
        Picture screen = Picture.of(Color.GRAY, new Rectangle(40, 80, 80, 40));
        SentRun run = SentRun.of(cloud(), Map.of("name", "sixty"));
        for (int step = 0; step < 60; step++) {
            run.doing(Map.of("action", "Back"), screen);
        }
        run.ended("succeeded").sent();
        Page page = reader();
        List<Route> held = new ArrayList<>();
        page.route("**/steps?limit=1000*", held::add);
        Locator dialog =
                TaskPage.open(page, run.task()).awaitPicture("before", 1).export();

        Download animation = page.waitForDownload(() -> {
            dialog.locator("[data-format=webp]").click();
            assertThat(dialog.getByText("Preparing Animation (WebP)…")).isVisible();
            held.forEach(Route::resume);
        });

        assertThat(AnimatedWebp.read(Files.readAllBytes(animation.path()))).hasSize(60);
        page.route(
                "**/report?format=html*", route -> route.fulfill(new Route.FulfillOptions().setBody("{\"url\":\"htt")));
        dialog.locator("[data-format=html]").click();
        assertThat(page.getByRole(AriaRole.ALERT)).containsText("The server did not respond.");
    }

    @Test
    void taskWithoutScreenshots_hasNoAnimation() {
        faults.expect("404"); // the page requests the first picture before it knows that there is none
        Page page = reader();
        page.navigate("/tasks/" + ViewerCloud.sample("torch-no-steps"));

        new TaskPage(page).export().locator("[data-format=webp]").click();

        assertThat(page.getByText("This task has no screenshots to animate.")).isVisible();
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
