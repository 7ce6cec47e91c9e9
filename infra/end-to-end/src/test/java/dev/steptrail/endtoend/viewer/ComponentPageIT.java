package dev.steptrail.endtoend.viewer;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
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

    private static HttpServer server;

    @BeforeAll
    static void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", ComponentPageIT::respond);
        server.start();
        Files.createDirectories(PICTURES);
    }

    @AfterAll
    static void stop() {
        server.stop(0);
    }

    private static void respond(HttpExchange exchange) throws IOException {
        Path file = FILES.resolve(exchange.getRequestURI().getPath().substring(1));
        boolean exists = Files.isRegularFile(file);
        byte[] body = exists ? Files.readAllBytes(file) : new byte[0];
        String name = file.toString();
        String type = name.endsWith(".js") ? "text/javascript" : name.endsWith(".css") ? "text/css" : "text/html";
        exchange.getResponseHeaders().set("content-type", type + "; charset=utf-8");
        exchange.getResponseHeaders().set("content-security-policy", POLICY);
        exchange.sendResponseHeaders(exists ? 200 : 204, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    /** The page is no page of the product, so it has no landmarks. */
    private static void assertAccessible(Page page) {
        assertAccessible(page, page.url(), "region", "landmark-one-main");
    }

    @ParameterizedTest
    @CsvSource({"light, en", "dark, zh"})
    void everyComponent_isShown_accessible_andWithinThePolicy(String theme, String language) {
        Page page = stranger(english().setViewportSize(1280, 1400));
        page.navigate("http://127.0.0.1:" + server.getAddress().getPort() + "/component-page.html?theme=" + theme
                + "&lang=" + language);
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
