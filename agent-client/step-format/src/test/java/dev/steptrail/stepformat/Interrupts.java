package dev.steptrail.stepformat;

import java.io.IOException;
import java.util.List;

/**
 * Sends SIGINT to the processes of tests, as Ctrl-C does. A shell starts background programs, such as {@code nohup mvn
 * verify &}, with SIGINT ignored. Their child processes inherit that, and a JVM does not change it, so a test must
 * start its process with {@link #RESTORED}.
 */
public final class Interrupts {
    /**
     * The start of a command that runs the rest of it with the default action of SIGINT, under the same process id. A
     * shell cannot restore an ignored signal, and {@code env} can only on Linux.
     */
    public static final List<String> RESTORED = List.of(
            "python3",
            "-c",
            "import os, signal, sys; signal.signal(signal.SIGINT, signal.SIG_DFL); os.execvp(sys.argv[1], sys.argv[1:])");

    private Interrupts() {}

    /** Sends a signal, such as {@code INT}, to a process. */
    public static void send(String signal, Process process) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + signal, String.valueOf(process.pid()))
                .inheritIO()
                .start()
                .waitFor();
    }
}
