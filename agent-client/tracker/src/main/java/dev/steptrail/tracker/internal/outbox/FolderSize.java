package dev.steptrail.tracker.internal.outbox;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/** Adds up the bytes of the files in a folder. */
public final class FolderSize {
    private FolderSize() {}

    /** Files that are removed meanwhile, or cannot be read, count as 0. */
    public static long of(Path path) {
        long bytes = 0;
        try {
            BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class, NOFOLLOW_LINKS);
            if (!attributes.isDirectory()) {
                return attributes.size();
            }
            try (DirectoryStream<Path> children = Files.newDirectoryStream(path)) {
                for (Path child : children) {
                    bytes += of(child);
                }
            }
        } catch (IOException | DirectoryIteratorException removedOrUnreadable) {
            return bytes;
        }
        return bytes;
    }
}
