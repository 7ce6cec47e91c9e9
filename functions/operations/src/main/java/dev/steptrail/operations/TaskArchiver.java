package dev.steptrail.operations;

import dev.steptrail.archive.ArchiveReader;
import dev.steptrail.archive.ArchiveWriter;
import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.retention.ArchiveRepository;
import dev.steptrail.store.retention.ArchiveRepository.Archive;
import dev.steptrail.store.retention.TaskRowReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/** Writes a task's rows to the bucket, verifies the object, and records it in the database. Idempotent. */
final class TaskArchiver {
    private final TaskRowReader rows;
    private final ArchiveRepository archives;
    private final BucketClient bucket;

    TaskArchiver(Database database, BucketClient bucket) {
        this.rows = new TaskRowReader(database);
        this.archives = new ArchiveRepository(database);
        this.bucket = bucket;
    }

    /**
     * Archives a task.
     *
     * @return false if the task was deleted or its rows changed in the meantime; the object is then deleted
     */
    boolean archive(UUID taskId) {
        try {
            Path archiveFile = Files.createTempFile("archive", ".gz");
            Path rowFile = Files.createTempFile("rows", ".gz");
            try {
                Optional<Archive> written = write(taskId, rowFile, archiveFile);
                return written.isPresent() && store(written.get(), archiveFile);
            } finally {
                Files.delete(rowFile);
                Files.delete(archiveFile);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Optional<Archive> write(UUID taskId, Path rowFile, Path archiveFile) throws IOException {
        try (ArchiveWriter writer = new ArchiveWriter(rowFile)) {
            Optional<TaskRowReader.Rows> found = rows.read(taskId, writer);
            if (found.isEmpty()) {
                return Optional.empty();
            }
            return Optional.of(writer.finish(taskId, found.get(), archiveFile));
        }
    }

    private boolean store(Archive archive, Path archiveFile) throws IOException {
        bucket.put(archive.key(), archiveFile, "application/gzip");
        verify(archive);
        if (archives.add(archive)) {
            return true;
        }
        bucket.delete(Stream.of(archive.key()), (key, code) -> {}); // on failure, OrphanDeleter deletes it later
        return false;
    }

    /** Performs the same checks as a restore. */
    private void verify(Archive archive) throws IOException {
        Optional<InputStream> stored = bucket.open(archive.key());
        if (stored.isEmpty()) {
            throw new IOException("the archive is missing after its upload");
        }
        ArchiveReader.check(stored.get(), archive);
    }
}
