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
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Playwright's trace viewer, from the driver on the class path, with a trace. Its server sends files uncompressed, as
 * {@code playwright show-trace} does. The same server has the recorded page and a page of images.
 */
final class TraceViewer implements AutoCloseable {
    private static final String FILES = "driver/package/lib/vite/traceViewer/";

    /** The recorded page: a click shows the screen after the action, and soon after that the one before the next. */
    private static final String PHONE = """
        <!doctype html><title>Phone</title><style>body { margin: 0 } img { width: 360px; height: 800px }</style>
        <img id="screen" src="/screens/0.webp">
        <script>
          let index = 0;
          screen = document.getElementById('screen');
          screen.onclick = () => { screen.src = `/screens/${++index}.webp`; };
          screen.onload = () => { if (index % 2) setTimeout(() => { screen.src = `/screens/${++index}.webp`; }, 60); };
        </script>""";

    private static final String IMAGES_ALONE = """
        <!doctype html><title>Images</title>%s
        <script>
          const images = Promise.all([...document.images].map((image) => image.decode()));
          window.complete = images.then(() => performance.now());
        </script>""";

    private final HttpServer server;
    private final ExecutorService executor = Executors.newFixedThreadPool(8);
    private final Chromium chromium;
    private final List<byte[]> screens;
    private final Semaphore shownScreens = new Semaphore(0);
    private volatile byte[] trace = {};
    private volatile List<String> images = List.of();

    /**
     * Starts the server.
     *
     * @param screens WebP files: the screens before and after each action
     */
    TraceViewer(Chromium chromium, List<byte[]> screens) throws IOException {
        System.setProperty("sun.net.httpserver.nodelay", "true");
        this.chromium = chromium;
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
    void recordTrace(Path file) throws Exception {
        try (BrowserContext context = chromium.newContext()) {
            context.tracing()
                    .start(new Tracing.StartOptions().setScreenshots(true).setSnapshots(true));
            Page page = context.newPage();
            page.setViewportSize(360, 800);
            page.navigate(url("/phone"));
            awaitScreens(1);
            for (int click = 0; click < screens.size() / 2; click++) {
                page.click("#screen");
                awaitScreens(2 * (click + 1) < screens.size() ? 2 : 1);
            }
            context.tracing().stop(new Tracing.StopOptions().setPath(file));
        }
        trace = Files.readAllBytes(file);
    }

    /** Waits until the recorded page has requested so many screens. */
    private void awaitScreens(int count) throws Exception {
        if (!shownScreens.tryAcquire(count, 10, TimeUnit.SECONDS)) {
            throw new IOException("the recorded page did not request its next screen");
        }
        Thread.sleep(20); // the browser decodes it
    }

    /**
     * Opens the trace and returns the time from navigation until the screen of the selected action, the last one, was decoded, in
     * milliseconds.
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
    double imagesAlone(List<String> urls) {
        images = urls;
        try (BrowserContext context = chromium.newContext()) {
            Page page = context.newPage();
            page.navigate(url("/images"));
            return ((Number) page.evaluate("complete")).doubleValue();
        }
    }

    private void respond(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            if (path.equals("/phone")) {
                send(exchange, "text/html", PHONE.getBytes(StandardCharsets.UTF_8));
            } else if (path.equals("/images")) {
                StringBuilder elements = new StringBuilder();
                images.forEach(image -> elements.append("<img src=\"")
                        .append(image.replace("&", "&amp;"))
                        .append("\">"));
                send(exchange, "text/html", IMAGES_ALONE.formatted(elements).getBytes(StandardCharsets.UTF_8));
            } else if (path.equals("/trace.zip")) {
                send(exchange, "application/zip", trace);
            } else if (path.startsWith("/screens/")) {
                int index = Integer.parseInt(path.replaceAll("\\D", ""));
                send(exchange, "image/webp", screens.get(Math.min(index, screens.size() - 1)));
                shownScreens.release();
            } else {
                sendFile(exchange, path.substring(path.indexOf('/', 1) + 1));
            }
        }
    }

    private static void sendFile(HttpExchange exchange, String name) throws IOException {
        try (InputStream file = TraceViewer.class.getClassLoader().getResourceAsStream(FILES + name)) {
            if (file == null) {
                exchange.sendResponseHeaders(404, -1);
            } else {
                send(exchange, contentType(name), file.readAllBytes());
            }
        }
    }

    private static String contentType(String name) {
        return switch (name.substring(name.lastIndexOf('.') + 1)) {
            case "html" -> "text/html";
            case "js" -> "application/javascript";
            case "css" -> "text/css";
            case "svg" -> "image/svg+xml";
            case "ttf" -> "font/ttf";
            default -> "application/octet-stream";
        };
    }

    private static void send(HttpExchange exchange, String type, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
    }

    @Override
    public void close() {
        server.stop(0);
        executor.shutdown();
    }
}
