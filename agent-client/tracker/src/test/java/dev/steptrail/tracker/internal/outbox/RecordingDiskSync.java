package dev.steptrail.tracker.internal.outbox;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Forces as ever, and writes down what was forced, by its name below {@code root}. */
public final class RecordingDiskSync extends DiskSync {
    private final Path root;
    private final List<String> forced = new ArrayList<>();

    public RecordingDiskSync(Path root) throws IOException {
        this.root = root.toRealPath();
    }

    /** The outbox in {@code folder}, whose writers and readers force by this. */
    public Outbox outbox(Path folder) throws IOException {
        return Outbox.in(folder, this);
    }

    /** What was forced since this was asked last, in order; a folder's name ends with a slash. */
    public synchronized List<String> forced() {
        List<String> result = List.copyOf(forced);
        forced.clear();
        return result;
    }

    @Override
    void syncFile(Path file, FileChannel channel) throws IOException {
        note(name(file) + (Files.exists(file.resolveSibling("shipped")) ? " beside shipped" : ""));
        super.syncFile(file, channel);
    }

    @Override
    void syncFolder(Path folder) throws IOException {
        note(name(folder) + "/");
        super.syncFolder(folder);
    }

    private synchronized void note(String what) {
        forced.add(what);
    }

    private String name(Path path) throws IOException {
        return root.relativize(path.toAbsolutePath().normalize()).toString();
    }
}
