package dev.steptrail.cli.downloads;

import com.fasterxml.jackson.databind.JsonNode;
import dev.steptrail.cli.api.Api;
import dev.steptrail.cli.api.ApiQuery;
import dev.steptrail.cli.evaluate.EvaluationException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.commons.io.input.ProxyInputStream;
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
            return new ProxyInputStream(content) {
                @Override
                protected void afterRead(int bytes) throws IOException {
                    if (bytes > 0 && remaining.addAndGet(-bytes) < 0) {
                        throw exceeded("");
                    }
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
        SavedFiles saved = new SavedFiles(folder);
        ByteBudget budget = new ByteBudget(maxBytes);
        try {
            String cursor = null;
            do {
                ApiQuery.Page page = query.readPage(api, cursor);
                budget.require(page.items().stream()
                        .mapToLong(screenshot -> screenshot.path("file_size").asLong())
                        .sum());
                savePage(query, cursor, page, saved, budget);
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
    private void savePage(
            ApiQuery query, @Nullable String cursor, ApiQuery.Page page, SavedFiles saved, ByteBudget budget)
            throws IOException, InterruptedException {
        List<Screenshot> screenshots = parse(page);
        List<Screenshot> failed = fetch(screenshots, saved, budget);
        while (!failed.isEmpty() && failed.size() < screenshots.size()) {
            screenshots = parse(query.readPage(api, cursor));
            screenshots.removeIf(screenshot -> !saved.failures().containsKey(screenshot.fileName()));
            failed = fetch(screenshots, saved, budget);
        }
    }

    /** Fetches screenshots that are not already saved. Returns those that failed. */
    private List<Screenshot> fetch(List<Screenshot> screenshots, SavedFiles saved, ByteBudget budget)
            throws InterruptedException {
        List<Future<Object>> results = threads.invokeAll(screenshots.stream()
                .map(screenshot -> Executors.callable(() -> saved.save(
                        screenshot.key(),
                        screenshot.fileName(),
                        screenshot.sha256(),
                        () -> budget.limit(api.openUrl(screenshot.url())))))
                .toList());
        try {
            for (Future<Object> result : results) {
                result.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
        return screenshots.stream()
                .filter(screenshot -> saved.failures().containsKey(screenshot.fileName()))
                .toList();
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
