package dev.steptrail.tracker.internal.outbox;

import java.nio.channels.FileChannel;
import java.nio.file.Path;

/** Forces nothing, for tests of processes that die, not of power cuts: it is most of their time. */
final class NoDiskSync extends DiskSync {
    @Override
    void syncFile(Path file, FileChannel channel) {}

    @Override
    void syncFolder(Path folder) {}
}
