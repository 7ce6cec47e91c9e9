package dev.steptrail.localcloud.servers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Stops Postgres when this process ends, even if this process is killed. A shell reads from a pipe. The operating
 * system closes the pipe when this process ends; then the shell stops Postgres.
 */
final class PostgresMonitor implements AutoCloseable {
    private static final String SCRIPT = """
            trap '' INT TERM HUP
            read -r _
            if [ "$(head -n 1 "$2" 2>/dev/null)" = "$1" ]; then kill -INT "$1"; fi
            """;

    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(10);

    private final Process shell;

    private PostgresMonitor(Process shell) {
        this.shell = shell;
    }

    /** Starts a monitor for the Postgres that runs on the folder. */
    static PostgresMonitor start(Path data) throws IOException {
        Path pidFile = pidFile(data);
        String pid = Files.readAllLines(pidFile).get(0);
        return new PostgresMonitor(
                new ProcessBuilder("sh", "-c", SCRIPT, "steptrail-postgres-watch", pid, pidFile.toString())
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start());
    }

    /** Stops a Postgres that an earlier process left running on the folder. Waits up to 10 s. */
    static void stopOrphan(Path data) throws IOException {
        Optional<ProcessHandle> orphan = findRunning(data);
        if (orphan.isEmpty()) {
            return;
        }
        String pid = Long.toString(orphan.get().pid());
        try {
            new ProcessBuilder("kill", "-INT", pid).start().waitFor();
            orphan.get().onExit().get(STOP_TIMEOUT.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for Postgres to stop", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException(
                    "Postgres still runs on " + data + " from an earlier start and does not stop; end process " + pid,
                    e);
        }
    }

    /** Returns the process in the folder's pid file, if it is a Postgres on this folder. */
    static Optional<ProcessHandle> findRunning(Path data) throws IOException {
        Path pidFile = pidFile(data);
        if (!Files.exists(pidFile)) {
            return Optional.empty();
        }
        List<String> lines = Files.readAllLines(pidFile);
        if (lines.size() < 2 || !Path.of(lines.get(1)).toAbsolutePath().equals(data.toAbsolutePath())) {
            return Optional.empty();
        }
        return ProcessHandle.of(Long.parseLong(lines.get(0).strip()))
                .filter(process -> process.info().command().orElse("").endsWith("/postgres"));
    }

    private static Path pidFile(Path data) {
        return data.resolve("postmaster.pid");
    }

    /** Ends the monitor, which then stops Postgres if it still runs. The caller should stop Postgres first. */
    @Override
    public void close() throws IOException {
        shell.getOutputStream().close();
    }
}
