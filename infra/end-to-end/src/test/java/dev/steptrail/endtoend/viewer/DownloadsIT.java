package dev.steptrail.endtoend.viewer;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.AriaRole;
import dev.steptrail.endtoend.Api;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

/** Exports a task of five steps in each format. */
class DownloadsIT extends BrowserTest {
    /** Returns the size and the duration of each frame of an animation. */
    private static final String DECODE = """
            async (base64) => {
              const data = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
              const decoder = new ImageDecoder({ data, type: 'image/webp' });
              await decoder.tracks.ready;
              const decoded = [];
              for (let frameIndex = 0; frameIndex < decoder.tracks.selectedTrack.frameCount; frameIndex++) {
                const { image } = await decoder.decode({ frameIndex });
                decoded.push(`${image.codedWidth}x${image.codedHeight} ${image.duration / 1000} ms`);
                image.close();
              }
              return decoded;
            }""";

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
    void animation_waitsForStepsThatAreStillLoading_andATruncatedResponseIsReported() throws Exception {
        SentRun run = SentRun.of(cloud(), Map.of("name", "sixty"));
        for (int step = 0; step < 60; step++) {
            run.doing(Map.of("action", "Back"), Picture.SCREEN);
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

        String file = Base64.getEncoder().encodeToString(Files.readAllBytes(animation.path()));
        assertThat(page.evaluate(DECODE, file))
                .asInstanceOf(InstanceOfAssertFactories.LIST)
                .hasSize(60)
                .startsWith("270x600 900 ms")
                .endsWith("270x600 2500 ms");
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
