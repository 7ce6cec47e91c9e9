package dev.steptrail.cli;

import dev.steptrail.cli.api.Api;
import dev.steptrail.cli.api.AtomicFileWriter;
import dev.steptrail.cli.api.Listing;
import dev.steptrail.cli.api.Page;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** Brings a task's screenshots into a folder, a few at a time. What is there already, byte for byte, is not fetched. */
final class PictureFolder {
    private static final int AT_ONCE = 4;

    private final Api api;
    private final Listing screenshots;
    private final Path folder;
    private final Map<String, String> failures = new LinkedHashMap<>();
    private int saved;
    private int alreadyThere;

    /** @param folder one that is there */
    PictureFolder(Api api, Listing screenshots, Path folder) {
        this.api = api;
        this.screenshots = screenshots;
        this.folder = folder;
    }

    /**
     * What came of it.
     *
     * @param failures why they could not be saved, by the names of their files
     */
    record Outcome(int saved, int alreadyThere, Map<String, String> failures) {}

    /** @throws IOException if the list cannot be read to its end */
    Outcome fill() throws IOException {
        ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE);
        try {
            String cursor = null;
            do {
                cursor = fillPage(cursor, threads);
            } while (cursor != null);
        } finally {
            threads.shutdownNow();
        }
        return new Outcome(saved, alreadyThere, failures);
    }

    /**
     * URLs live for minutes, and a page of them may take longer: while some pictures come and others fail, the page is asked for
     * again, which gives these new ones.
     *
     * @return where the next page begins
     */
    private @Nullable String fillPage(@Nullable String cursor, ExecutorService threads) throws IOException {
        Page page = screenshots.page(api, cursor);
        List<Picture> pictures = Picture.of(page.items());
        Map<String, String> failed = fetch(pictures, threads);
        int tried = pictures.size();
        while (!failed.isEmpty() && failed.size() < tried) {
            tried = failed.size();
            Set<String> names = failed.keySet();
            failed = fetch(
                    Picture.of(screenshots.page(api, cursor).items()).stream()
                            .filter(picture -> names.contains(picture.fileName()))
                            .toList(),
                    threads);
        }
        failures.putAll(failed);
        return page.next();
    }

    private Map<String, String> fetch(List<Picture> pictures, ExecutorService threads) throws IOException {
        Map<Picture, Future<Boolean>> fetching = new LinkedHashMap<>();
        pictures.forEach(picture -> fetching.put(picture, threads.submit(() -> fetch(picture))));
        Map<String, String> failed = new LinkedHashMap<>();
        for (Map.Entry<Picture, Future<Boolean>> fetched : fetching.entrySet()) {
            try {
                if (fetched.getValue().get()) {
                    saved++;
                } else {
                    alreadyThere++;
                }
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof IOException reason)) {
                    throw new IllegalStateException(e.getCause());
                }
                failed.put(fetched.getKey().fileName(), Steptrail.told(reason));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("stopped while screenshots were fetched");
            }
        }
        return failed;
    }

    /** Whether there was need to. */
    private boolean fetch(Picture picture) throws IOException {
        AtomicFileWriter file = AtomicFileWriter.at(folder.resolve(picture.fileName()));
        if (picture.sha256() != null && file.holds(picture.sha256())) {
            return false;
        }
        try (InputStream content = api.stored(picture.url())) {
            file.write(content, picture.sha256());
        }
        return true;
    }
}
