package dev.steptrail.endtoend.viewer;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import dev.steptrail.shipper.internal.screenshot.WebpEncoder;
import dev.steptrail.shipper.internal.screenshot.WebpSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Takes the README's pictures, in the folder {@code -Dsteptrail.pictures}, default target/viewer-pictures. */
@Tag("nightly")
class PagePicturesIT extends BrowserTest {
    private static final Path FOLDER = Path.of(System.getProperty("steptrail.pictures", "target/viewer-pictures"));
    private static final WebpEncoder ENCODER = new WebpEncoder(new WebpSettings(80, 6, 1));

    @Test
    void everyPage_isCaptured_lightAndDark() throws IOException {
        Files.createDirectories(FOLDER);
        for (ColorScheme scheme : new ColorScheme[] {ColorScheme.LIGHT, ColorScheme.DARK}) {
            Browser.NewContextOptions options = english().setColorScheme(scheme).setViewportSize(1366, 768);
            Page page = reader(options);
            TaskListPage.open(page, "").tasks().first().waitFor();
            take(page, "tasks", scheme);

            TaskPage task = TaskPage.open(page, ViewerCloud.demo(), "#step=4").awaitPicture("before", 4);
            take(page, "task", scheme);
            task.button("Difference").click();
            page.locator("st-difference canvas").waitFor();
            take(page, "difference", scheme);

            String link = task.createLink();
            page.navigate("/compare?a=" + ViewerCloud.sample("flower-photo-loop") + "&b=" + ViewerCloud.demo());
            page.locator("st-comparison-rows li").first().waitFor();
            page.locator(".segments button").getByText("Number").click();
            page.locator("st-stage[shown$=screenshot]").nth(1).waitFor();
            take(page, "compare", scheme);

            Page guest = stranger(options);
            guest.navigate(link + "&step=4");
            new TaskPage(guest).awaitPicture("before", 4);
            take(guest, "shared", scheme);

            Page phone =
                    reader(english().setColorScheme(scheme).setLocale("zh-CN").setViewportSize(390, 844));
            TaskPage.open(phone, ViewerCloud.demo(), "#step=4&tab=step").awaitPicture("before", 4);
            take(phone, "phone", scheme);

            Page stranger = stranger(options);
            stranger.navigate("/");
            stranger.locator("st-welcome-page button.primary").waitFor();
            take(stranger, "welcome", scheme);
            stranger.locator("st-welcome-page button.primary").click();
            stranger.locator("a.choice").first().waitFor();
            take(stranger, "sign-in", scheme);
        }
    }

    /** Takes a picture when all visible thumbnails are drawn. */
    private static void take(Page page, String name, ColorScheme scheme) throws IOException {
        assertThat(page.locator("st-film-strip .empty")).hasCount(0);
        Path file = FOLDER.resolve(name + "-" + scheme.name().toLowerCase(Locale.ROOT) + ".webp");
        Files.write(file, ENCODER.encode(page.screenshot()));
    }
}
