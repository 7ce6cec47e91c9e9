package dev.steptrail.cli.downloads;

import dev.steptrail.cli.api.AtomicFileWriter;
import dev.steptrail.cli.terminal.TextFormat;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The files of a task in a folder. Thread-safe. */
public final class SavedFiles {
    private final Path folder;
    private final Map<String, String> names = new ConcurrentHashMap<>();
    private final Map<String, String> failures = new ConcurrentSkipListMap<>();
    private final AtomicInteger skipped = new AtomicInteger();

    SavedFiles(Path folder) {
        this.folder = folder;
    }

    /**
     * Saves a file unless the folder already contains it with the same content.
     *
     * @param key a key for {@link #names}
     * @param sha256 the hash of the content; null if it is unknown
     */
    void save(String key, String fileName, @Nullable String sha256, AtomicFileWriter.Source source) {
        try {
            boolean written = new AtomicFileWriter(folder.resolve(fileName)).writeUnlessPresent(sha256, source);
            skipped.addAndGet(written ? 0 : 1);
            names.put(key, fileName);
            failures.remove(fileName);
        } catch (IOException e) {
            failures.put(fileName, TextFormat.errorMessage(e));
        }
    }

    /** Returns the names of the files by their keys, including those that existed before. */
    public Map<String, String> names() {
        return names;
    }

    /** Returns the reasons why files could not be saved, by file name. */
    public Map<String, String> failures() {
        return failures;
    }

    /** Returns the number of files that existed before. */
    int skipped() {
        return skipped.get();
    }
}
