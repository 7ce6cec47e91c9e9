package dev.steptrail.tracker.outbox;

import java.nio.file.Path;

/** The names in a task's folder. */
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

    /** Where the rejected lines of all tasks go whose folders have gone. */
    Path allRejected() {
        return folder.resolveSibling("rejected");
    }

    Path keptRejected() {
        return allRejected().resolve(folder.getFileName() + ".jsonl");
    }

    Path writerLock() {
        return folder.resolve("writer.lock");
    }

    /** Room on the disk for the end of the task. */
    Path reserve() {
        return folder.resolve("reserve");
    }

    /** Under which a file is written before it gets its name. */
    static Path unfinished(Path file) {
        return file.resolveSibling(file.getFileName() + ".tmp");
    }
}
