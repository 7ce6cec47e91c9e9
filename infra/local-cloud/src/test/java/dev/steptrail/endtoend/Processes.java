package dev.steptrail.endtoend;

import java.nio.file.Path;
import java.util.List;

/** What runs on this machine. */
final class Processes {
    private Processes() {}

    /** Every process of the Postgres that a cloud keeps in its folder. */
    static List<ProcessHandle> postgresOn(Path data) {
        return ProcessHandle.allProcesses()
                .filter(process -> process.info().command().orElse("").startsWith(data.toString()))
                .toList();
    }
}
