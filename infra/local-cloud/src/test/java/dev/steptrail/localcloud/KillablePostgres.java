package dev.steptrail.localcloud;

import dev.steptrail.stepformat.Waiting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The Postgres of a local cloud, which a test kills and restarts on the same data and port. */
final class KillablePostgres {
    private final Path data;
    private final Path log;

    /** @param folder the local cloud's database folder */
    KillablePostgres(Path folder) {
        this.data = folder.resolve("data");
        this.log = folder.resolve("log-of-the-test");
    }

    /** Kills the server and all its processes with SIGKILL, and waits until they have ended. */
    void kill() throws IOException, InterruptedException {
        String pid = Files.readAllLines(data.resolve("postmaster.pid")).get(0);
        new ProcessBuilder("kill", "-STOP", pid).start().waitFor(); // prevents new processes after the listing
        ProcessHandle server = ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
        List<ProcessHandle> processes =
                Stream.concat(Stream.of(server), server.descendants()).toList();
        processes.forEach(ProcessHandle::destroyForcibly);
        Waiting.until("Postgres is gone", () -> processes.stream().noneMatch(ProcessHandle::isAlive));
    }

    /**
     * Restarts Postgres with the same options, without waiting. Root uses a namespace, because Postgres rejects root.
     */
    void start() throws IOException {
        String asNobody = System.getProperty("user.name").equals("root") ? "unshare -U " : "";
        new ProcessBuilder("sh", "-c", "eval \"exec $1$(cat postmaster.opts)\"", "start-postgres", asNobody)
                .directory(data.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
    }

    /** Returns the log since the test first restarted it. */
    String log() throws IOException {
        return Files.readString(log);
    }
}
