package dev.steptrail.cli.judging;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.steptrail.cli.api.EnvironmentToken;
import dev.steptrail.cli.evaluate.EvaluationException;
import dev.steptrail.phone.model.ChatClient;
import dev.steptrail.stepformat.TextTruncator;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Runs a program of the user, such as one that reads a task and prints its verdict. Afterwards, kills the processes
 * that the program started. Processes whose parent has exited are found only on Linux, by the program's process group;
 * one that left the group, for example with {@code setsid}, remains.
 */
public final class ExternalProgram {
    static final int MAX_OUTPUT_BYTES = 64 * 1024;

    private static final int MAX_ERROR_TAIL_BYTES = 4 * 1024;
    private static final int MAX_ERROR_LENGTH = 300;
    private static final int BUFFER_BYTES = 64 * 1024;

    /** Limits the time between two checks of the timeout, even if the program writes without end. */
    private static final int MAX_READS_PER_POLL = 16;

    private static final long POLL_MILLIS = 20;
    private static final long KILL_SECONDS = 5;

    /** An exit code from 129 to 192 is 128 plus the number of the signal that ended the process. */
    private static final int SIGNAL_EXIT_CODE = 128;

    private static final int MAX_SIGNAL = 64;

    /** Starts a program in a new session: its process id is then also that of its group. */
    private static final Path SETSID = Path.of("/usr/bin/setsid");

    private static final boolean HAS_SETSID = Files.isExecutable(SETSID);

    private final List<String> command;
    private final Duration timeout;

    /** @param command the program and its arguments */
    public ExternalProgram(List<String> command, Duration timeout) {
        this.command = new ArrayList<>(HAS_SETSID ? List.of(SETSID.toString()) : List.of());
        this.command.addAll(command);
        this.timeout = timeout;
    }

    /** Returns whether a program can be run: a path of an executable file, or a name that is found on the PATH. */
    public static boolean isExecutable(String program, Map<String, String> environment) {
        if (!HAS_SETSID || program.contains("/")) {
            return !HAS_SETSID || isExecutableFile(Path.of(program));
        }
        for (String folder : environment.getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
            if (isExecutableFile(Path.of(folder, program))) {
                return true;
            }
        }
        return false;
    }

    private static boolean isExecutableFile(Path path) {
        return Files.isRegularFile(path) && Files.isExecutable(path);
    }

    /**
     * Runs the program without input, and discards its output, of any length.
     *
     * @param variables environment variables for the program, besides those of this process
     * @throws EvaluationException like {@link #run(Path)}, but a program that writes nothing succeeds
     */
    public void run(Map<String, String> variables) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectOutput(ProcessBuilder.Redirect.DISCARD);
        builder.environment().putAll(variables);
        run(builder, false);
    }

    /**
     * Runs the program with a file as its standard input.
     *
     * @return what it wrote to standard output, which is not empty
     * @throws EvaluationException if it fails, writes more than {@value #MAX_OUTPUT_BYTES} bytes, or does not exit
     *     within the timeout
     * @throws InterruptedException if this thread is interrupted, which kills the program
     * @throws IOException if it cannot be started
     */
    public byte[] run(Path input) throws IOException, InterruptedException {
        return run(new ProcessBuilder(command).redirectInput(input.toFile()), true);
    }

    private byte[] run(ProcessBuilder builder, boolean mustPrint) throws IOException, InterruptedException {
        // Programs need not have the user's access, nor that of the agent to its model.
        builder.environment().keySet().removeAll(List.of(EnvironmentToken.VARIABLE, ChatClient.KEY_VARIABLE));
        Process process = builder.start();
        boolean succeeded = false;
        try {
            process.getOutputStream().close();
            byte[] output = await(process, mustPrint);
            succeeded = true;
            return output;
        } finally {
            if (!succeeded) {
                kill(process);
            }
        }
    }

    /**
     * Reads the output by polling. A blocking read would not end while a process that the program left behind keeps the
     * pipe open.
     */
    private byte[] await(Process process, boolean mustPrint) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        ErrorTail errors = new ErrorTail();
        byte[] buffer = new byte[BUFFER_BYTES];
        boolean exited;
        do {
            exited = process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS);
            if (exited) {
                kill(process); // before the output is read, which a process that was left behind may write without end
            }
            InputStream out = process.getInputStream();
            for (int reads = 0; out.available() > 0 && (exited || reads < MAX_READS_PER_POLL); reads++) {
                output.write(buffer, 0, out.read(buffer, 0, Math.min(buffer.length, out.available())));
                if (output.size() > MAX_OUTPUT_BYTES) {
                    throw new EvaluationException(
                            "the program printed more than " + MAX_OUTPUT_BYTES + " bytes" + errors.lastLine());
                }
            }
            InputStream err = process.getErrorStream();
            for (int reads = 0; err.available() > 0 && reads < MAX_READS_PER_POLL; reads++) {
                errors.add(buffer, err.read(buffer, 0, Math.min(buffer.length, err.available())));
            }
            if (!exited && System.nanoTime() > deadline) {
                throw new EvaluationException(
                        "the program did not exit within " + timeout.toSeconds() + " s" + errors.lastLine());
            }
        } while (!exited);
        int exitCode = process.exitValue();
        if (exitCode > SIGNAL_EXIT_CODE && exitCode <= SIGNAL_EXIT_CODE + MAX_SIGNAL) {
            throw new EvaluationException("the program was ended by signal " + (exitCode - SIGNAL_EXIT_CODE)
                    + " (exit code " + exitCode + ")" + errors.lastLine());
        }
        if (exitCode != 0) {
            throw new EvaluationException("the program exited with code " + exitCode + errors.lastLine());
        }
        if (output.size() == 0 && mustPrint) {
            throw new EvaluationException("the program printed no verdict" + errors.lastLine());
        }
        return output.toByteArray();
    }

    /** Kills the program and the processes that it started, as far as they are found. */
    private static void kill(Process process) throws IOException, InterruptedException {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.toHandle().destroyForcibly(); // Process.destroyForcibly would also close the streams
        if (HAS_SETSID) {
            // The kill of the shell, because minimal systems have no /bin/kill. It fails if no process is left.
            Process killer = new ProcessBuilder(
                            "/bin/sh", "-c", "kill -s KILL -- -\"$0\"", String.valueOf(process.pid()))
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            killer.waitFor(KILL_SECONDS, TimeUnit.SECONDS);
        }
        process.waitFor(KILL_SECONDS, TimeUnit.SECONDS);
    }

    /** The end of what the program wrote to standard error. */
    private static final class ErrorTail {
        private byte[] tail = {};

        void add(byte[] bytes, int length) {
            ByteArrayOutputStream joined = new ByteArrayOutputStream();
            joined.writeBytes(tail);
            joined.write(bytes, 0, length);
            byte[] all = joined.toByteArray();
            tail = Arrays.copyOfRange(all, Math.max(0, all.length - MAX_ERROR_TAIL_BYTES), all.length);
        }

        /** Returns the last line, after a colon; empty if there is none. */
        String lastLine() {
            return new String(tail, UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank())
                    .reduce((first, second) -> second)
                    .map(line -> ": " + TextTruncator.truncate(line.strip(), MAX_ERROR_LENGTH))
                    .orElse("");
        }
    }
}
