package dev.steptrail.tracker.internal.outbox;

import java.nio.channels.FileChannel;
import java.nio.file.Path;

/** Does not force anything, which speeds up tests that do not simulate power cuts. */
final class NoDiskSync extends DiskSync {
    @Override
    void syncFile(Path file, FileChannel channel) {}

    @Override
    void syncFolder(Path folder) {}
}
