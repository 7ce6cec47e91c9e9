package dev.steptrail.localcloud;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The Postgres of a local cloud, which a test kills and starts again on the same data and port. */
final class KillablePostgres {
    private final Path data;
    private final Path log;

    /** @param folder where the local cloud keeps it */
    KillablePostgres(Path folder) {
        this.data = folder.resolve("data");
        this.log = folder.resolve("log-of-the-test");
    }

    /** By SIGKILL, the server and all its processes; returns when they are gone. */
    void kill() throws IOException, InterruptedException {
        String pid = Files.readAllLines(data.resolve("postmaster.pid")).get(0);
        new ProcessBuilder("kill", "-STOP", pid).start().waitFor(); // or it makes one more after they were listed
        ProcessHandle server = ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
        List<ProcessHandle> processes =
                Stream.concat(Stream.of(server), server.descendants()).toList();
        processes.forEach(ProcessHandle::destroyForcibly);
        FragileCloud.until("Postgres is gone", () -> processes.stream().noneMatch(ProcessHandle::isAlive));
    }

    /** As it was started before; root may not run it, but in a namespace where it is nobody. Does not wait until it serves. */
    void start() throws IOException {
        String asNobody = System.getProperty("user.name").equals("root") ? "unshare -U " : "";
        new ProcessBuilder("sh", "-c", "eval \"exec $1$(cat postmaster.opts)\"", "start-postgres", asNobody)
                .directory(data.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
    }

    /** What it logged since a test first started it again. */
    String log() throws IOException {
        return Files.readString(log);
    }
}
