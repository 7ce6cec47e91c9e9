package dev.steptrail.endtoend.viewer;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Opens every page at every supported size, light in English and dark in Chinese: nothing scrolls sideways.
 * {@code -Dsteptrail.all-variants} adds dark in English and light in Chinese. {@code -Dsteptrail.page-sizes} names a
 * folder for the screenshots.
 */
@Tag("nightly")
class PageSizesIT extends BrowserTest {
    private record Size(int width, int height) {}

    private static final List<Size> SIZES = List.of(
            new Size(1366, 768), new Size(1920, 1080), new Size(2560, 1440), new Size(768, 1024), new Size(390, 844));

    private static final @Nullable String FOLDER = System.getProperty("steptrail.page-sizes");

    @ParameterizedTest
    @ValueSource(strings = {"en-GB", "zh-CN"})
    void noPage_scrollsSideways(String locale) throws Exception {
        faults.expect("404"); // pages of missing tasks
        String link = createLink();
        ViewerCloud.addInsights("open the sizes " + locale.substring(0, 2));
        List<String> tooWide = new ArrayList<>();
        for (ColorScheme scheme : schemes(locale)) {
            Browser.NewContextOptions options = english().setLocale(locale).setColorScheme(scheme);
            Page reader = reader(options);
            Page stranger = stranger(options);
            for (Map.Entry<String, String> address : addresses(link, locale).entrySet()) {
                Page page = address.getKey().matches("shared|welcome") ? stranger : reader;
                page.navigate("about:blank"); // also changes of the fragment load the page
                page.navigate(address.getValue());
                awaitContent(page);
                for (Size size : SIZES) {
                    page.setViewportSize(size.width(), size.height());
                    page.evaluate("new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))");
                    String name = String.join(
                            "-",
                            address.getKey(),
                            size.width() + "x" + size.height(),
                            locale.substring(0, 2),
                            scheme.name().toLowerCase(Locale.ROOT));
                    if ((int) page.evaluate("document.scrollingElement.scrollWidth") > size.width()) {
                        tooWide.add(name);
                    }
                    save(page, name);
                }
            }
        }
        assertThat(tooWide).isEmpty();
    }

    private static List<ColorScheme> schemes(String locale) {
        if (ALL_VARIANTS) {
            return List.of(ColorScheme.LIGHT, ColorScheme.DARK);
        }
        return List.of(locale.startsWith("en") ? ColorScheme.LIGHT : ColorScheme.DARK);
    }

    private static Map<String, String> addresses(String link, String locale) {
        String failed = ViewerCloud.sample("flower-photo-loop");
        Map<String, String> addresses = new LinkedHashMap<>();
        addresses.put("tasks", "/");
        addresses.put("grid", "/?view=grid");
        addresses.put("groups", "/?group=experiment");
        addresses.put("task", "/tasks/" + ViewerCloud.demo());
        addresses.put("step", "/tasks/" + failed + "#step=20");
        addresses.put("model", "/tasks/" + failed + "#step=20&tab=model");
        addresses.put("findings", "/tasks/" + failed + "#step=20&tab=findings");
        addresses.put("notes", "/tasks/" + failed + "#step=20&tab=notes");
        addresses.put("json", "/tasks/" + failed + "#step=20&tab=json");
        addresses.put("without-steps", "/tasks/" + ViewerCloud.sample("torch-no-steps"));
        addresses.put("compare", "/compare?a=" + failed + "&b=" + ViewerCloud.demo());
        addresses.put("insights", "/insights?instruction=open+the+sizes+" + locale.substring(0, 2));
        addresses.put("no-insights", "/insights?instruction=unknown");
        addresses.put("missing-task", "/tasks/0190a7c0-0000-7000-8000-000000000000");
        addresses.put("missing-page", "/no-such-page");
        addresses.put("shared", link + "&step=4");
        addresses.put("welcome", "/tasks/" + ViewerCloud.demo());
        return addresses;
    }

    private static void awaitContent(Page page) {
        page.locator("h1, h2").first().waitFor();
        if (page.url().contains("/compare")) {
            page.locator("st-compare-page st-outcome").nth(1).waitFor();
        } else if (page.url().contains("/tasks/")) {
            page.locator("st-task-page st-outcome, st-empty-state, st-welcome-page")
                    .first()
                    .waitFor();
        }
        page.waitForFunction("""
                () => {
                  const stage = document.querySelector('st-task-page')?.shadowRoot.querySelector('st-stage');
                  return !stage || stage.getAttribute('shown').endsWith('screenshot');
                }""");
    }

    private String createLink() {
        Locator dialog = TaskPage.open(reader(), ViewerCloud.demo())
                .awaitPicture("before", 1)
                .share();
        dialog.locator("button.primary").click();
        dialog.locator(".link input").waitFor();
        return dialog.locator(".link input").inputValue();
    }

    private static void save(Page page, String name) throws Exception {
        if (FOLDER != null) {
            Path folder = Files.createDirectories(Path.of(FOLDER));
            Files.write(folder.resolve(name + ".png"), page.screenshot());
        }
    }
}
