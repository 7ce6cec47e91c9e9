package dev.steptrail.tracker.outbox;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/** What the shipper of an outbox says of itself there: replaced as a whole, readable by its owner alone. */
final class ShipperFile {
    private static final int MAX_BYTES = 64 * 1024;

    private final Path file;

    ShipperFile(Path outbox) {
        this.file = outbox.resolve(".shipper.json");
    }

    /** Not forced to the disk: after a power cut it is told anew. */
    void replace(byte[] json) throws IOException {
        Path unfinished = TaskFiles.unfinished(file);
        Files.deleteIfExists(unfinished);
        try (FileChannel channel = PlainFile.open(unfinished, CREATE_NEW, WRITE)) {
            PlainFile.writeAll(channel, json);
        }
        Files.move(unfinished, file, ATOMIC_MOVE, REPLACE_EXISTING);
    }

    Optional<byte[]> read() throws IOException {
        try {
            return Optional.of(PlainFile.read(file, 0, MAX_BYTES));
        } catch (NoSuchFileException none) {
            return Optional.empty();
        }
    }
}
