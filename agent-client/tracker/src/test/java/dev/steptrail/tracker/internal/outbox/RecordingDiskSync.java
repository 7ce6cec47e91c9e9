package dev.steptrail.tracker.internal.outbox;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Records the files and folders that are forced, relative to {@code root}. */
public final class RecordingDiskSync extends DiskSync {
    private final Path root;
    private final List<String> forced = new ArrayList<>();

    public RecordingDiskSync(Path root) throws IOException {
        this.root = root.toRealPath();
    }

    /** Returns an outbox that uses this object. */
    public Outbox outbox(Path folder) throws IOException {
        return Outbox.open(folder, this);
    }

    /** Returns what was forced since the last call, in order; names of folders end with a slash. */
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
