package dev.steptrail.tracker.outbox;

import dev.steptrail.stepformat.TaskId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Finds folders of an outbox that hold recorded steps but are not tasks. Thread-safe. */
final class StrayFolders {
    private static final Pattern MISNAMED = Pattern.compile("(?i)[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    private static final Pattern UNFINISHED = Pattern.compile("\\.[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\\.tmp");

    /** Who makes such a folder locks it at once, but not at the same moment. */
    private static final Duration CERTAINLY_LEFT = Duration.ofHours(1);

    private final Path outbox;

    StrayFolders(Path outbox) {
        this.outbox = outbox;
    }

    /** Whose names would be those of tasks in lower case. */
    List<Path> misnamed() throws IOException {
        return named(MISNAMED).stream()
                .filter(folder -> TaskId.parse(folder.getFileName().toString()).isEmpty())
                .toList();
    }

    /** Tasks that were being added as a whole an hour ago, by a process that is gone. */
    List<Path> leftBehind() throws IOException {
        Instant latest = Instant.now().minus(CERTAINLY_LEFT);
        return named(UNFINISHED).stream()
                .filter(folder -> isLeft(folder, latest))
                .toList();
    }

    /** Removes those; one that cannot be removed now is there for the next one, and is named by {@link #leftBehind}. */
    void removeLeftBehind() throws IOException {
        for (Path folder : leftBehind()) {
            FolderRemoval.remove(folder);
        }
    }

    private static boolean isLeft(Path folder, Instant latest) {
        try {
            return Files.getLastModifiedTime(folder, LinkOption.NOFOLLOW_LINKS)
                            .toInstant()
                            .isBefore(latest)
                    && FolderLock.isFree(new TaskFiles(folder).writerLock());
        } catch (IOException unknown) {
            return false; // what cannot be seen to be left is not
        }
    }

    private List<Path> named(Pattern name) throws IOException {
        try (Stream<Path> children = Files.list(outbox)) {
            return children.filter(child ->
                            name.matcher(child.getFileName().toString()).matches())
                    .filter(child -> Files.isDirectory(child, LinkOption.NOFOLLOW_LINKS))
                    .filter(child -> new TaskFiles(child).haveBeenBegun())
                    .sorted()
                    .toList();
        }
    }
}
