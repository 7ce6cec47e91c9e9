package dev.steptrail.tracker.outbox;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;

import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The lines of a task that can never be delivered, for people to look at. */
record RejectedLines(TaskFiles files, DiskSync disk) {
    /** Forced to the disk: the count of what is delivered goes past the line next, which nobody sends again then. */
    void add(OutboxLine line) throws IOException {
        try (FileChannel rejected = PlainFile.open(files.rejected(), CREATE, APPEND)) {
            PlainFile.writeAll(rejected, line.json(), new byte[] {'\n'});
            disk.file(files.rejected(), rejected);
        }
        disk.folder(files.folder());
    }

    /** Moves them to {@code rejected/<task_id>.jsonl} in the outbox, behind those of an earlier folder of the task. */
    void outliveTheFolder() throws IOException {
        if (!PlainFile.exists(files.rejected())) {
            return;
        }
        Path kept = files.keptRejected();
        Path folder = files.allRejected();
        if (Files.exists(folder, NOFOLLOW_LINKS) && !Files.isDirectory(folder, NOFOLLOW_LINKS)) {
            throw new FileSystemException(folder.toString(), null, "is a link or a file: a folder must be there");
        }
        OwnerOnly.createFolders(folder);
        if (PlainFile.exists(kept)) {
            append(kept);
        } else {
            Files.move(files.rejected(), kept, ATOMIC_MOVE);
        }
        // The task's folder goes next.
        disk.folder(folder);
        disk.folder(files.outbox());
    }

    private void append(Path kept) throws IOException {
        try (FileChannel from = PlainFile.open(files.rejected(), READ);
                FileChannel to = PlainFile.open(kept, APPEND)) {
            Channels.newInputStream(from).transferTo(Channels.newOutputStream(to));
            disk.file(kept, to);
        }
    }
}
