package dev.steptrail.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.steptrail.cli.api.Api;
import dev.steptrail.cli.api.AtomicFileWriter;
import dev.steptrail.cli.api.Listing;
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
import org.jspecify.annotations.Nullable;

/** Saves a task's screenshots to a folder, a few at a time. Files that exist with the same content are not fetched. */
final class PictureFolder {
    private static final int AT_ONCE = 4;

    private final Api api;
    private final Listing screenshots;
    private final Path folder;
    private final Map<String, String> failures = new LinkedHashMap<>();
    private int saved;
    private int alreadyThere;

    /** @param folder an existing one */
    PictureFolder(Api api, Listing screenshots, Path folder) {
        this.api = api;
        this.screenshots = screenshots;
        this.folder = folder;
    }

    /** @param sha256 null if it is not known */
    private record Picture(
            String fileName, String url, @Nullable String sha256) {}

    int saved() {
        return saved;
    }

    int alreadyThere() {
        return alreadyThere;
    }

    /** The reasons for which pictures could not be saved, by file name. */
    Map<String, String> failures() {
        return failures;
    }

    /** @throws IOException if the list cannot be read to its end */
    void fill() throws IOException {
        ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE);
        try {
            String cursor = null;
            do {
                cursor = fillPage(cursor, threads);
            } while (cursor != null);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("stopped while screenshots were fetched");
        } finally {
            threads.shutdownNow();
        }
    }

    /**
     * Saves a page. URLs expire after minutes, and a page may take longer: while some pictures succeed and others fail, the page is
     * requested again, which returns new URLs.
     *
     * @return the cursor of the next page
     */
    private @Nullable String fillPage(@Nullable String cursor, ExecutorService threads)
            throws IOException, InterruptedException {
        Listing.Page page = screenshots.page(api, cursor);
        List<Picture> pictures = pictures(page);
        Map<String, String> failed = fetch(pictures, threads);
        int tried = pictures.size();
        while (!failed.isEmpty() && failed.size() < tried) {
            tried = failed.size();
            pictures = pictures(screenshots.page(api, cursor));
            Set<String> names = failed.keySet();
            pictures.removeIf(picture -> !names.contains(picture.fileName()));
            failed = fetch(pictures, threads);
        }
        failures.putAll(failed);
        return page.next();
    }

    private Map<String, String> fetch(List<Picture> pictures, ExecutorService threads) throws InterruptedException {
        List<Future<Boolean>> fetched = threads.invokeAll(pictures.stream()
                .<Callable<Boolean>>map(picture -> () -> fetch(picture))
                .toList());
        Map<String, String> failed = new LinkedHashMap<>();
        for (int i = 0; i < pictures.size(); i++) {
            try {
                if (fetched.get(i).get()) {
                    saved++;
                } else {
                    alreadyThere++;
                }
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof IOException reason)) {
                    throw new IllegalStateException(e.getCause());
                }
                failed.put(pictures.get(i).fileName(), Steptrail.message(reason));
            }
        }
        return failed;
    }

    /** Returns whether it had to be fetched. */
    private boolean fetch(Picture picture) throws IOException {
        AtomicFileWriter file = new AtomicFileWriter(folder.resolve(picture.fileName()));
        if (picture.sha256() != null && file.holds(picture.sha256())) {
            return false;
        }
        try (InputStream content = api.stored(picture.url())) {
            file.write(content, picture.sha256());
        }
        return true;
    }

    /**
     * The pictures of a page, with the same file names each time. Of several in one role, the first of a step is {@code
     * 0007-other.webp} and the next, which has the ordinal 3, {@code 0007-other-3.webp}.
     */
    private static List<Picture> pictures(Listing.Page page) {
        Set<String> taken = new HashSet<>();
        List<Picture> pictures = new ArrayList<>();
        for (JsonNode screenshot : page.items()) {
            int step = screenshot.path("step_number").asInt();
            String role = String.format(Locale.ROOT, "%04d-%s", step, word(screenshot.path("role"), "other"));
            String name = role
                    + (taken.add(role) ? "" : "-" + screenshot.path("ordinal").asInt());
            pictures.add(new Picture(
                    name + "." + word(screenshot.path("format"), "webp"),
                    screenshot.path("url").asText(),
                    screenshot.path("file_hash").textValue()));
        }
        return pictures;
    }

    /** A file name must not lead elsewhere, whatever the API returns. */
    private static String word(JsonNode value, String otherwise) {
        return value.asText().matches("[a-z0-9]{1,16}") ? value.asText() : otherwise;
    }
}
