package dev.steptrail.operations;

import dev.steptrail.store.Archive;
import dev.steptrail.store.Database;
import dev.steptrail.store.FindArchives;
import dev.steptrail.store.FindTask;
import dev.steptrail.store.RestoreTask;
import dev.steptrail.store.Task;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Fetches the parts of an archived task, checks all of them, and only then has any row written. */
final class RestoreArchives {
    private final FindTask findTask;
    private final FindArchives findArchives;
    private final RestoreTask restore;
    private final BucketObjects bucket;

    RestoreArchives(Database database, BucketObjects bucket) {
        this.findTask = new FindTask(database);
        this.findArchives = new FindArchives(database);
        this.restore = new RestoreTask(database);
        this.bucket = bucket;
    }

    /** What became of it. */
    sealed interface Outcome {}

    record Done(int parts, RestoreTask.Restored task) implements Outcome {}

    /** Nothing was changed. */
    record Refused(String outcome, String reason) implements Outcome {}

    /** Restores a task. */
    Outcome of(UUID taskId) {
        Optional<Task> task = findTask.byId(taskId);
        if (task.isEmpty()) {
            return new Refused("no_such_task", "there is no such task, or it was deleted");
        }
        List<Archive> parts = findArchives.of(taskId);
        if (!task.get().status().equals("archived") || parts.isEmpty()) {
            return notArchived();
        }
        List<Path> files = new ArrayList<>();
        try {
            for (Archive part : parts) {
                Path file = Files.createTempFile("restore", ".gz");
                files.add(file);
                if (!fetch(part, file)) {
                    return new Refused(
                            "archive_missing", "part " + part.part() + " is not in the bucket: " + part.key());
                }
                ArchiveReader.check(file, part);
            }
            return write(taskId, parts, files);
        } catch (DamagedArchiveException e) {
            return new Refused(
                    "archive_damaged", "part " + parts.get(files.size() - 1).part() + " is damaged: " + e.getMessage());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            files.forEach(RestoreArchives::delete);
        }
    }

    private boolean fetch(Archive part, Path file) throws IOException {
        Optional<InputStream> stored = bucket.open(part.key());
        if (stored.isEmpty()) {
            return false;
        }
        try (InputStream bytes = stored.get()) {
            Files.copy(bytes, file, StandardCopyOption.REPLACE_EXISTING);
        }
        return true;
    }

    private Outcome write(UUID taskId, List<Archive> parts, List<Path> files) {
        List<Integer> numbers = parts.stream().map(Archive::part).toList();
        List<RestoreTask.Lines> lines = files.stream()
                .map(file -> (RestoreTask.Lines) () -> ArchiveReader.lines(file))
                .toList();
        return restore.of(taskId, numbers, lines)
                .<Outcome>map(restored -> new Done(parts.size(), restored))
                .orElseGet(RestoreArchives::notArchived); // somebody was faster
    }

    private static Refused notArchived() {
        return new Refused("not_archived", "the task is not archived: its steps are where they were");
    }

    private static void delete(Path file) {
        try {
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
