package dev.steptrail.tracker.internal.outbox;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A Java process that runs a main class of these tests and reports its progress on its output. */
public final class ChildProcess implements AutoCloseable {
    private final Process process;
    private final BufferedReader out;

    private ChildProcess(Process process) {
        this.process = process;
        this.out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    public static ChildProcess start(Class<?> main, String... arguments) throws IOException {
        return start(List.of(), main, arguments);
    }

    /** Starts a process in a shell that first runs {@code limit}, for example {@code ulimit -f 8}. */
    public static ChildProcess startLimited(String limit, Class<?> main, String... arguments) throws IOException {
        return start(List.of("sh", "-c", limit + "; exec \"$@\"", "sh"), main, arguments);
    }

    private static ChildProcess start(List<String> before, Class<?> main, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(before);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        command.addAll(Arrays.asList(arguments));
        return new ChildProcess(
                new ProcessBuilder(command).redirectError(Redirect.INHERIT).start());
    }

    /** Returns the next line of its output; null if the process has ended. */
    public String line() throws IOException {
        return out.readLine();
    }

    /** Returns the rest of its output; waits for its end. */
    public List<String> lines() {
        return out.lines().toList();
    }

    /** Writes a line feed to its input. */
    public void sendLine() throws IOException {
        process.getOutputStream().write('\n');
        process.getOutputStream().flush();
    }

    /** Kills the process as {@code kill -9} does. Its output can still be read. */
    public void kill() {
        process.toHandle().destroyForcibly();
    }

    /** Kills the process and waits for its end. */
    @Override
    public void close() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }
}
