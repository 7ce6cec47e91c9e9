package dev.steptrail.endtoend.viewer;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import dev.steptrail.shipper.internal.screenshot.WebpEncoder;
import dev.steptrail.shipper.internal.screenshot.WebpSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** Takes the README's pictures, in the folder {@code -Dsteptrail.pictures}, default target/viewer-pictures. */
class PagePicturesIT extends BrowserTest {
    private static final Path FOLDER = Path.of(System.getProperty("steptrail.pictures", "target/viewer-pictures"));
    private static final WebpEncoder ENCODER = new WebpEncoder(new WebpSettings(80, 6, 1));

    @Test
    void everyPage_isCaptured_lightAndDark() throws IOException {
        Files.createDirectories(FOLDER);
        for (ColorScheme scheme : new ColorScheme[] {ColorScheme.LIGHT, ColorScheme.DARK}) {
            Browser.NewContextOptions options = english().setColorScheme(scheme).setViewportSize(1280, 1080);
            Page page = reader(options);
            TaskListPage.open(page, "").tasks().first().waitFor();
            take(page, "tasks", scheme);

            RunPage run = RunPage.open(page, ViewerCloud.demo(), "#step=4").awaitPicture("before", 4);
            page.locator(".strip li[data-index='5'] canvas").waitFor();
            page.locator(".watch").evaluate("(element) => window.scrollTo(0, element.offsetTop - 12)");
            take(page, "run", scheme);
            run.fold("What changed").locator("summary").click();
            page.locator(".wiped canvas").waitFor();
            run.fold("What changed").evaluate("(element) => window.scrollTo(0, element.offsetTop - 12)");
            take(page, "changed", scheme);

            String link = link(run);
            page.navigate("/compare?a=" + ViewerCloud.sample("flower-photo-loop") + "&b=" + ViewerCloud.demo());
            page.locator(".rows li").first().waitFor();
            page.locator("main select").selectOption("number");
            page.locator(".pair .stage[data-state=shown]").nth(1).waitFor();
            take(page, "compare", scheme);

            Page guest = stranger(options);
            guest.navigate(link + "&step=4");
            new RunPage(guest).awaitPicture("before", 4);
            guest.locator(".strip li[data-index='5'] canvas").waitFor();
            take(guest, "shared", scheme);

            Page stranger = stranger(options);
            stranger.navigate("/");
            stranger.locator("main button.primary").waitFor();
            take(stranger, "welcome", scheme);
            stranger.locator("main button.primary").click();
            stranger.locator("a.choice").first().waitFor();
            take(stranger, "sign-in", scheme);
        }
    }

    /** Creates a share link to the run and returns it. */
    private static String link(RunPage run) {
        run.fold("Share").locator("summary").click();
        run.fold("Share").locator("button.primary").click();
        run.page().locator(".made input").waitFor();
        return run.page().locator(".made input").inputValue();
    }

    private static void take(Page page, String name, ColorScheme scheme) throws IOException {
        Path file = FOLDER.resolve(name + "-" + scheme.name().toLowerCase(Locale.ROOT) + ".webp");
        Files.write(file, ENCODER.encode(page.screenshot()));
    }
}
