package dev.steptrail.tracker.internal.outbox;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/** Measures the size of a folder. */
public final class FolderSize {
    private FolderSize() {}

    /** Returns the bytes of all files in {@code path}. Unreadable files, and files removed concurrently, count as 0. */
    public static long measure(Path path) {
        long bytes = 0;
        try {
            BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class, NOFOLLOW_LINKS);
            if (!attributes.isDirectory()) {
                return attributes.size();
            }
            try (DirectoryStream<Path> children = Files.newDirectoryStream(path)) {
                for (Path child : children) {
                    bytes += measure(child);
                }
            }
        } catch (IOException | DirectoryIteratorException removedOrUnreadable) {
            return bytes;
        }
        return bytes;
    }
}
