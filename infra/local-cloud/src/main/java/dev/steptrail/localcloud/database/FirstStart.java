package dev.steptrail.localcloud.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.commons.io.file.PathUtils;

/**
 * The start that makes Postgres and its database. One that was killed leaves half of them, which no later start could use,
 * and nothing of anybody's: they are made anew. A mark that lies there meanwhile tells.
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

    /** Removes what a first start that did not end has left. */
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
