package dev.steptrail.endtoend.viewer;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.Download;
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

/** Downloads a run of five steps in each format. */
class DownloadsIT extends BrowserTest {
    private String task() {
        return ViewerCloud.sample("weather-finished");
    }

    /** Clicks the download button of this format and returns the downloaded file. */
    private byte[] downloaded(Page page, String form) throws IOException {
        Download download = page.waitForDownload(
                () -> page.locator("[data-form=" + form + "]").click());
        assertThat(download.suggestedFilename()).startsWith(task()).endsWith("." + form);
        assertThat(page.locator("p[role=status]").getByText("is ready.")).isVisible();
        return Files.readAllBytes(download.path());
    }

    private Page open() {
        return RunPage.open(reader(), task()).awaitPicture("before", 1).page();
    }

    @Test
    void csvMarkdownAndJson_equalTheServicesFiles() throws Exception {
        Page page = open();
        Api api = cloud().api();
        String report = "/api/tasks/" + task() + "/report";

        assertThat(text(downloaded(page, "csv")))
                .isEqualTo(api.get(report + "?format=csv&lang=en").text());
        assertThat(text(downloaded(page, "md")))
                .isEqualTo(api.get(report + "?format=md&lang=en").text());
        assertThat(text(downloaded(page, "json"))).isEqualTo(api.get(report).text());
    }

    @Test
    void htmlPdfAndZip_areExportedWhileThePageStaysOpen() throws Exception {
        Page page = open();

        assertThat(text(downloaded(page, "html"))).startsWith("<!").contains("data:image/webp;base64,");
        assertThat(text(downloaded(page, "pdf"))).startsWith("%PDF-");
        List<String> entries = new ArrayList<>();
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(downloaded(page, "zip")))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                entries.add(entry.getName());
            }
        }

        assertThat(entries)
                .anyMatch(name -> name.endsWith("records.jsonl"))
                .anyMatch(name -> name.endsWith("report.html"));
        assertThat(entries.stream().filter(name -> name.endsWith(".webp"))).hasSizeGreaterThanOrEqualTo(4);
        assertThat(page.locator(".player")).isVisible();
    }

    @Test
    void replay_containsTheStoredFramesUnchanged_andTheBrowserPlaysIt() throws Exception {
        Page page = open();

        byte[] replay = downloaded(page, "webp");

        List<AnimatedWebp.Frame> frames = AnimatedWebp.read(replay);
        List<byte[]> stored = new ArrayList<>();
        for (JsonNode picture :
                cloud().api().json("/api/tasks/" + task() + "/screenshots").get("screenshots")) {
            stored.add(
                    AnimatedWebp.image(Api.open(picture.get("url").textValue()).body()));
        }
        assertThat(frames).extracting(AnimatedWebp.Frame::image).containsExactlyElementsOf(stored);
        assertThat(frames).extracting(AnimatedWebp.Frame::milliseconds).containsExactly(900, 900, 900, 900, 2500);
        assertThat(page.evaluate("""
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
                        }""", Base64.getEncoder().encodeToString(replay)))
                .isEqualTo(Collections.nCopies(5, "1080x2400"));
    }

    @Test
    void replay_waitsForStepsThatAreStillLoading_andATruncatedResponseIsReported() throws Exception {
        Picture screen = Picture.of(Color.GRAY, new Rectangle(40, 80, 80, 40));
        SentRun run = SentRun.of(cloud(), Map.of("name", "sixty"));
        for (int step = 0; step < 60; step++) {
            run.doing(Map.of("action", "Back"), screen);
        }
        run.ended("succeeded").sent();
        Page page = reader();
        List<Route> held = new ArrayList<>();
        page.route("**/steps?limit=1000*", held::add);
        RunPage.open(page, run.task()).awaitPicture("before", 1);

        Download replay = page.waitForDownload(() -> {
            page.locator("[data-form=webp]").click();
            assertThat(page.getByText("Replay (animated WebP) is being made…")).isVisible();
            held.forEach(Route::resume);
        });

        assertThat(AnimatedWebp.read(Files.readAllBytes(replay.path()))).hasSize(60);
        page.route(
                "**/report?format=html*", route -> route.fulfill(new Route.FulfillOptions().setBody("{\"url\":\"htt")));
        page.locator("[data-form=html]").click();
        assertThat(page.getByRole(AriaRole.ALERT)).containsText("The service did not answer.");
    }

    @Test
    void runWithoutScreenshots_hasNoReplay() {
        faults.expect("404"); // the page requests the first picture before it knows that there is none
        Page page = reader();
        page.navigate("/tasks/" + ViewerCloud.sample("torch-no-steps"));

        page.locator("[data-form=webp]").click();

        assertThat(page.getByText("This run has no pictures to replay.")).isVisible();
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
