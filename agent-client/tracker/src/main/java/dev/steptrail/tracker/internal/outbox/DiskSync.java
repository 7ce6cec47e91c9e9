package dev.steptrail.tracker.internal.outbox;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Forces what was written to the disk, so that it survives a power cut. Thread-safe. */
class DiskSync {
    /** What a file holds, through an open channel of it. */
    void syncFile(Path file, FileChannel channel) throws IOException {
        channel.force(true);
    }

    final void syncFile(Path file) throws IOException {
        try (FileChannel channel = OutboxFiles.open(file, StandardOpenOption.WRITE)) {
            syncFile(file, channel);
        }
    }

    /** The names in a folder. Windows lets nobody open a folder, and keeps names in its journal. */
    void syncFolder(Path folder) throws IOException {
        if (OutboxFiles.supportsPosixPermissions(folder)) {
            try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }
}
