package dev.steptrail.tracker.internal.outbox;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Forces files and folders to the disk (fsync), so that they survive a power cut. Thread-safe. */
class DiskSync {
    /** Forces the content of a file that is open as {@code channel}. */
    void syncFile(Path file, FileChannel channel) throws IOException {
        channel.force(true);
    }

    final void syncFile(Path file) throws IOException {
        try (FileChannel channel = OutboxFiles.open(file, StandardOpenOption.WRITE)) {
            syncFile(file, channel);
        }
    }

    /** Forces the entries of a folder. Does nothing on Windows, where folders cannot be opened. */
    void syncFolder(Path folder) throws IOException {
        if (OutboxFiles.supportsPosixPermissions(folder)) {
            try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }
}
