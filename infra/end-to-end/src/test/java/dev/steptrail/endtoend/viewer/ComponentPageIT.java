package dev.steptrail.endtoend.viewer;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Shows every component of the viewer, with the policy of its pages, in both themes and languages. The pictures are in
 * {@code target/component-pictures}.
 */
class ComponentPageIT extends BrowserTest {
    private static final Path FILES = Path.of("../../functions/viewer/target/component-page");
    private static final Path PICTURES = Path.of("target/component-pictures");

    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
            + " require-trusted-types-for 'script'; trusted-types lit-html";

    private static final String ORIGIN = "https://components.example";

    /** Serves the files of the component page. */
    private static void respond(Route route) {
        Path file = FILES.resolve(URI.create(route.request().url()).getPath().substring(1));
        route.fulfill(
                Files.isRegularFile(file)
                        ? new Route.FulfillOptions().setPath(file).setHeaders(Map.of("content-security-policy", POLICY))
                        : new Route.FulfillOptions().setStatus(204));
    }

    /** The page is no page of the product, so it has no landmarks. */
    private static void assertAccessible(Page page) {
        assertAccessible(page, page.url(), "region", "landmark-one-main");
    }

    @ParameterizedTest
    @CsvSource({"light, en", "dark, zh"})
    void everyComponent_isShown_accessible_andWithinThePolicy(String theme, String language) {
        Page page = stranger(english().setViewportSize(1280, 1400));
        page.route(ORIGIN + "/**", ComponentPageIT::respond);
        page.navigate(ORIGIN + "/component-page.html?theme=" + theme + "&lang=" + language);
        Locator components = page.locator("component-page");
        components
                .locator("h2")
                .getByText("Icons", new Locator.GetByTextOptions().setExact(true))
                .waitFor();

        for (Locator section : components.locator("section").all()) {
            assertThat(section.boundingBox().height).as(section.innerText()).isGreaterThan(40);
        }
        assertThat(components.locator("svg.icon :is(path, circle, rect) > *").count())
                .as("parts of icons that an error of the minifier hides inside others")
                .isZero();
        assertAccessible(page);
        page.screenshot(new Page.ScreenshotOptions().setPath(PICTURES.resolve(theme + "-" + language + ".png")));

        page.getByText("Dialog", new Page.GetByTextOptions().setExact(true))
                .first()
                .click();
        assertAccessible(page);
        page.keyboard().press("Escape");
        page.locator("#confirm").click();
        page.getByText("This cannot be undone.").waitFor();
        page.keyboard().press("Escape");
        page.locator("#toast").click();
        page.getByText("Message").last().waitFor();
        page.locator("wa-dropdown button").click();
        page.getByText("Checked").waitFor();
        assertAccessible(page);
        page.screenshot(
                new Page.ScreenshotOptions().setPath(PICTURES.resolve("open-" + theme + "-" + language + ".png")));
    }
}
