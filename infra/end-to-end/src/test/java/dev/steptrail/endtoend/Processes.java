package dev.steptrail.endtoend;

import java.nio.file.Path;
import java.util.List;

/** Finds processes on this machine. */
final class Processes {
    private Processes() {}

    /** Returns all Postgres processes of the cloud with this data folder. */
    static List<ProcessHandle> postgresOn(Path data) {
        return ProcessHandle.allProcesses()
                .filter(process -> process.info().command().orElse("").startsWith(data.toString()))
                .toList();
    }
}
