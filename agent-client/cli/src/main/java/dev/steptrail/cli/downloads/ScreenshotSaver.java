package dev.steptrail.cli.downloads;

import com.fasterxml.jackson.databind.JsonNode;
import dev.steptrail.cli.api.Api;
import dev.steptrail.cli.api.ApiQuery;
import dev.steptrail.cli.api.AtomicFileWriter;
import dev.steptrail.cli.evaluate.EvaluationException;
import dev.steptrail.cli.terminal.TextFormat;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Downloads the screenshots of tasks into folders, at most four at a time. Thread-safe. */
public final class ScreenshotSaver implements AutoCloseable {
    private static final int PARALLEL_DOWNLOADS = 4;

    private final Api api;
    private final ExecutorService threads = Executors.newFixedThreadPool(PARALLEL_DOWNLOADS);

    public ScreenshotSaver(Api api) {
        this.api = api;
    }

    /** @param sha256 null if it is unknown */
    private record Screenshot(
            String key,
            String fileName,
            String url,
            @Nullable String sha256) {}

    /** The bytes that may still be downloaded. The sizes in the list of screenshots may be wrong. Thread-safe. */
    private static final class ByteBudget {
        private final long maxBytes;
        private final AtomicLong remaining;

        ByteBudget(long maxBytes) {
            this.maxBytes = maxBytes;
            remaining = new AtomicLong(maxBytes);
        }

        void require(long bytes) throws EvaluationException {
            if (bytes > remaining.get()) {
                throw exceeded("; --no-screenshots judges without pictures");
            }
        }

        InputStream limit(InputStream content) {
            return new FilterInputStream(content) {
                @Override
                public int read() throws IOException {
                    byte[] buffer = new byte[1];
                    return read(buffer, 0, 1) < 0 ? -1 : buffer[0] & 0xff;
                }

                @Override
                public int read(byte[] buffer, int offset, int length) throws IOException {
                    int read = in.read(buffer, offset, length);
                    if (read > 0 && remaining.addAndGet(-read) < 0) {
                        throw exceeded("");
                    }
                    return read;
                }
            };
        }

        private EvaluationException exceeded(String advice) {
            return new EvaluationException("the screenshots have more than " + maxBytes + " bytes" + advice);
        }
    }

    /** Returns the key of a screenshot in {@link SavedFiles#names}. */
    public static String key(int stepNumber, int screenshotIndex) {
        return stepNumber + "/" + screenshotIndex;
    }

    /**
     * Saves all screenshots of a task. Files that already have the expected content are skipped.
     *
     * @param maxBytes the maximum size of all screenshots. The download that exceeds it, and those after it, fail
     * @throws EvaluationException if the sizes that the recorder reported exceed what remains of the maximum
     * @throws IOException if the API does not return the list of screenshots
     */
    public SavedFiles save(ApiQuery query, Path folder, long maxBytes) throws IOException {
        SavedFiles saved = new SavedFiles(new LinkedHashMap<>(), 0, new LinkedHashMap<>());
        ByteBudget budget = new ByteBudget(maxBytes);
        try {
            String cursor = null;
            do {
                ApiQuery.Page page = query.readPage(api, cursor);
                budget.require(page.items().stream()
                        .mapToLong(screenshot -> screenshot.path("file_size").asLong())
                        .sum());
                saved = savePage(query, cursor, page, folder, saved, budget);
                cursor = page.nextCursor();
            } while (cursor != null);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while downloading screenshots");
        }
        return saved;
    }

    /**
     * Saves a page. URLs may expire before the page is complete. While some downloads succeed and others fail, requests
     * the page again to get new URLs.
     */
    private SavedFiles savePage(
            ApiQuery query,
            @Nullable String cursor,
            ApiQuery.Page page,
            Path folder,
            SavedFiles before,
            ByteBudget budget)
            throws IOException, InterruptedException {
        List<Screenshot> screenshots = parse(page);
        int[] skipped = {before.skipped()};
        Map<String, String> failed = fetch(screenshots, folder, budget, before.names(), skipped);
        int attempted = screenshots.size();
        while (!failed.isEmpty() && failed.size() < attempted) {
            attempted = failed.size();
            screenshots = parse(query.readPage(api, cursor));
            Set<String> names = failed.keySet();
            screenshots.removeIf(screenshot -> !names.contains(screenshot.fileName()));
            failed = fetch(screenshots, folder, budget, before.names(), skipped);
        }
        before.failures().putAll(failed);
        return new SavedFiles(before.names(), skipped[0], before.failures());
    }

    /** Fetches screenshots, and adds the names of their files. Returns the reasons of failures by file name. */
    private Map<String, String> fetch(
            List<Screenshot> screenshots, Path folder, ByteBudget budget, Map<String, String> fileNames, int[] skipped)
            throws InterruptedException {
        List<Future<Boolean>> results = threads.invokeAll(screenshots.stream()
                .<Callable<Boolean>>map(screenshot -> () -> fetch(screenshot, folder, budget))
                .toList());
        Map<String, String> failed = new LinkedHashMap<>();
        for (int i = 0; i < screenshots.size(); i++) {
            Screenshot screenshot = screenshots.get(i);
            try {
                skipped[0] += results.get(i).get() ? 0 : 1;
                fileNames.put(screenshot.key(), screenshot.fileName());
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof IOException reason)) {
                    throw new IllegalStateException(e.getCause());
                }
                failed.put(screenshot.fileName(), TextFormat.errorMessage(reason));
            }
        }
        return failed;
    }

    /** Fetches the screenshot unless it is already saved; returns whether it was fetched. */
    private boolean fetch(Screenshot screenshot, Path folder, ByteBudget budget) throws IOException {
        return new AtomicFileWriter(folder.resolve(screenshot.fileName()))
                .writeUnlessPresent(screenshot.sha256(), () -> budget.limit(api.openUrl(screenshot.url())));
    }

    /**
     * Returns the screenshots of a page, with stable file names. The first screenshot of a step and role is named
     * {@code 0007-other.webp}. Further ones also contain their index, such as {@code 0007-other-3.webp}.
     */
    private static List<Screenshot> parse(ApiQuery.Page page) {
        Set<String> usedPrefixes = new HashSet<>();
        List<Screenshot> screenshots = new ArrayList<>();
        for (JsonNode screenshot : page.items()) {
            int step = screenshot.path("step_number").asInt();
            String prefix = String.format(Locale.ROOT, "%04d-%s", step, safeWord(screenshot.path("role"), "other"));
            int index = screenshot.path("screenshot_index").asInt();
            String name = usedPrefixes.add(prefix) ? prefix : prefix + "-" + index;
            screenshots.add(new Screenshot(
                    key(step, index),
                    name + "." + safeWord(screenshot.path("format"), "webp"),
                    screenshot.path("url").asText(),
                    screenshot.path("file_hash").textValue()));
        }
        return screenshots;
    }

    /** Returns the value if it is safe in a file name. Prevents path traversal by a response of the API. */
    private static String safeWord(JsonNode value, String defaultWord) {
        return value.asText().matches("[a-z0-9]{1,16}") ? value.asText() : defaultWord;
    }

    /** Stops downloads that still run. */
    @Override
    public void close() {
        threads.shutdownNow();
    }
}
