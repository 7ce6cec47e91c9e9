package dev.steptrail.demophone.internal.adb;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** The files of the phone, in memory. Folders exist if a file is below them. Thread-safe. */
public final class PhoneFiles {
    private final TreeMap<String, File> files = new TreeMap<>();
    private final Clock clock;

    public PhoneFiles(Clock clock) {
        this.clock = clock;
    }

    /** The bytes must not be changed. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record File(byte[] bytes, Instant modified) {}

    public synchronized void write(String path, byte[] bytes) {
        files.put(path, new File(bytes, clock.instant()));
    }

    public synchronized Optional<File> read(String path) {
        return Optional.ofNullable(files.get(path));
    }

    /** Returns false if there is no such file. */
    public synchronized boolean delete(String path) {
        return files.remove(path) != null;
    }

    /** Returns the names in a folder, without repetition; empty if there is no such folder. */
    public synchronized List<String> list(String folder) {
        String prefix = folder.endsWith("/") ? folder : folder + "/";
        return files.tailMap(prefix).keySet().stream()
                .takeWhile(path -> path.startsWith(prefix))
                .map(path -> path.substring(prefix.length()).split("/", 2)[0])
                .distinct()
                .toList();
    }

    /** Returns whether the path is a folder: one of a new phone, or one that has files. */
    public boolean isFolder(String path) {
        return List.of("/", "/sdcard", "/sdcard/", "/data/local/tmp", "/data/local/tmp/")
                        .contains(path)
                || !list(path).isEmpty();
    }
}
