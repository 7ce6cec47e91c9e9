package dev.steptrail.bench.viewer;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Tracing;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Playwright's trace viewer, from the driver on the class path, with a trace. Its server sends files uncompressed, as
 * {@code playwright show-trace} does. The same server has the recorded page and a page of images.
 */
final class TraceViewer implements AutoCloseable {
    private static final String VIEWER_FILES = "driver/package/lib/vite/traceViewer/";

    /** The recorded page: a click shows the screen after the action, and soon after that the one before the next. */
    private static final String PHONE = """
        <!doctype html><title>Phone</title><style>body { margin: 0 } img { width: 360px; height: 800px }</style>
        <img id="screen" src="/screens/0.webp">
        <script>
          let index = 0;
          screen = document.getElementById('screen');
          const show = () => { screen.src = `/screens/${index = Math.min(index + 1, %d)}.webp`; };
          screen.onclick = show;
          screen.onload = () => { if (index %% 2) setTimeout(show, 60); };
        </script>""";

    private static final String IMAGES_ALONE = """
        <!doctype html><title>Images</title>%s
        <script>
          const images = Promise.all([...document.images].map((image) => image.decode()));
          window.complete = images.then(() => performance.now());
        </script>""";

    private final Chromium chromium;
    private final Path folder;
    private final List<Path> screens;
    private final HttpServer server;
    private final ExecutorService executor = Executors.newFixedThreadPool(8);
    private final Semaphore shownScreens = new Semaphore(0);

    /**
     * Starts the server.
     *
     * @param folder for files, which must exist
     * @param screens WebP files: the screens before and after each action
     */
    TraceViewer(Chromium chromium, Path folder, List<Path> screens) throws IOException {
        System.setProperty("sun.net.httpserver.nodelay", "true");
        this.chromium = chromium;
        this.folder = folder;
        this.screens = screens;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(executor);
        server.createContext("/", this::respond);
        server.start();
    }

    private String url(String path) {
        return "http://localhost:" + server.getAddress().getPort() + path;
    }

    /** Records the trace that {@link #lastScreen} opens. */
    void recordTrace() throws Exception {
        Files.writeString(folder.resolve("phone.html"), PHONE.formatted(screens.size() - 1));
        try (BrowserContext context = chromium.newContext()) {
            context.tracing()
                    .start(new Tracing.StartOptions().setScreenshots(true).setSnapshots(true));
            Page page = context.newPage();
            page.setViewportSize(360, 800);
            page.navigate(url("/phone.html"));
            awaitScreens(1);
            for (int click = 0; click < screens.size() / 2; click++) {
                page.click("#screen");
                awaitScreens(2 * (click + 1) < screens.size() ? 2 : 1);
            }
            context.tracing().stop(new Tracing.StopOptions().setPath(folder.resolve("trace.zip")));
        }
    }

    /** Waits until the recorded page has requested so many screens. */
    private void awaitScreens(int count) throws Exception {
        if (!shownScreens.tryAcquire(count, 10, TimeUnit.SECONDS)) {
            throw new IOException("the recorded page did not request its next screen");
        }
        Thread.sleep(20); // the browser decodes it
    }

    /**
     * Opens the trace and returns the milliseconds from navigation until the screen of the selected action, the last
     * one, was decoded.
     */
    double lastScreen() {
        try (BrowserContext context = chromium.newContext()) {
            Page page = context.newPage();
            page.navigate(url("/trace/index.html?trace=" + url("/trace.zip")));
            String path = "/" + (screens.size() - 2) + ".webp";
            return ((Number) page.evaluate("path => bench.picture(path)", path)).doubleValue();
        }
    }

    /** Returns the time from navigation to a page of images until all were decoded, in milliseconds. */
    double imagesAlone(List<String> urls) throws IOException {
        String elements = urls.stream()
                .map(image -> "<img src=\"" + image.replace("&", "&amp;") + "\">")
                .collect(Collectors.joining());
        Files.writeString(folder.resolve("images.html"), IMAGES_ALONE.formatted(elements));
        try (BrowserContext context = chromium.newContext()) {
            Page page = context.newPage();
            page.navigate(url("/images.html"));
            return ((Number) page.evaluate("complete")).doubleValue();
        }
    }

    /** Sends a screen, a file of the trace viewer, or a file of the folder. */
    private void respond(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            byte[] body;
            if (path.startsWith("/screens/")) {
                body = Files.readAllBytes(screens.get(Integer.parseInt(path.replaceAll("\\D", ""))));
                shownScreens.release();
            } else if (path.startsWith("/trace/")) {
                String name = VIEWER_FILES + path.substring("/trace/".length());
                try (InputStream file = TraceViewer.class.getClassLoader().getResourceAsStream(name)) {
                    body = file == null ? new byte[0] : file.readAllBytes();
                }
            } else {
                body = Files.readAllBytes(folder.resolve(path.substring(1)));
            }
            String type = URLConnection.guessContentTypeFromName(path);
            exchange.getResponseHeaders()
                    .set("Content-Type", Objects.requireNonNullElse(type, "application/octet-stream"));
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        executor.shutdown();
    }
}
