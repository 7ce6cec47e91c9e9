package dev.steptrail.tracker.internal.outbox;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The paths of the files in a task's folder. */
record TaskFiles(Path folder) {
    Path outbox() {
        return folder.resolveSibling("");
    }

    Path steps() {
        return folder.resolve("steps.jsonl");
    }

    Path frames() {
        return folder.resolve("frames");
    }

    Path shipped() {
        return folder.resolve("shipped");
    }

    Path rejected() {
        return folder.resolve("rejected.jsonl");
    }

    Path writerLock() {
        return folder.resolve("writer.lock");
    }

    /** Returns whether a recorder has written to the folder. */
    boolean hasRecorderFiles() {
        return Files.exists(writerLock(), NOFOLLOW_LINKS) || Files.exists(steps(), NOFOLLOW_LINKS);
    }

    List<Path> allExceptFrames() {
        return List.of(steps(), shipped(), OutboxFiles.temporaryFile(shipped()), rejected(), reserve(), writerLock());
    }

    /** Returns the file that reserves disk space for the end of the task. */
    Path reserve() {
        return folder.resolve("reserve");
    }
}
