package dev.steptrail.localcloud.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.commons.io.file.PathUtils;

/**
 * Tracks the first start, which creates the Postgres cluster and its database. If it was killed, the incomplete cluster, which holds
 * no user data, is deleted and created again. A marker file exists while the first start is under way.
 */
final class FirstStart {
    private final Path folder;
    private final boolean isFirst;
    private final Path mark;

    private FirstStart(Path folder, boolean isFirst, Path mark) {
        this.folder = folder;
        this.isFirst = isFirst;
        this.mark = mark;
    }

    static FirstStart of(Path folder, Path data) {
        Path mark = folder.resolve("unfinished");
        return new FirstStart(folder, Files.notExists(data) || Files.exists(mark), mark);
    }

    /** Deletes the remains of an incomplete first start. */
    void begin() throws IOException {
        if (isFirst && Files.exists(mark)) {
            PathUtils.cleanDirectory(folder);
        }
        if (isFirst) {
            Files.createFile(mark);
        }
    }

    void done() throws IOException {
        Files.deleteIfExists(mark);
    }
}
