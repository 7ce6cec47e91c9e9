package dev.steptrail.cli.phone;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.steptrail.cli.terminal.Terminal;
import dev.steptrail.phone.autoglm.UserInteraction;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/** Asks the user in the terminal. What the user typed before a question is not an answer to it. */
record TerminalUser(InputStream in, PrintWriter err) implements UserInteraction {
    private static final int MAX_ANSWER = 1_000;
    private static final Set<String> REFUSALS = Set.of("n", "no", "stop");

    /** Returns an instance; without a terminal, one whose answer is always {@code UNAVAILABLE}. */
    static UserInteraction of(InputStream in, PrintWriter err) {
        return Terminal.isInteractive() ? new TerminalUser(in, err) : NONE;
    }

    /** Requires the whole word {@code yes}, because the action may be a payment. */
    @Override
    public Answer confirm(String message) throws InterruptedException {
        String line = ask("The agent asks for your permission: " + message, "Type yes to allow it: ");
        if (line == null) {
            return Answer.UNAVAILABLE;
        }
        return line.equals("yes") ? Answer.YES : Answer.NO;
    }

    @Override
    public Answer takeOver(String message) throws InterruptedException {
        String line = ask(
                "The agent needs your help on the phone: " + message,
                "Press Enter when it is done, or type no to end the task: ");
        if (line == null) {
            return Answer.UNAVAILABLE;
        }
        return REFUSALS.contains(line) ? Answer.NO : Answer.YES;
    }

    /** Returns the user's line in lower case; null at the end of the input, or if the line is too long. */
    private @Nullable String ask(String message, String question) throws InterruptedException {
        Terminal.showLine("", err);
        err.println(Terminal.printable(message));
        try {
            in.skipNBytes(in.available());
        } catch (IOException e) {
            return null;
        }
        err.print(question);
        err.flush();
        FutureTask<@Nullable String> answer = new FutureTask<>(this::readLine);
        // A read of the terminal cannot be interrupted. It starts only now: it would suspend a program that the user
        // moved to the background.
        Thread reader = new Thread(answer, "steptrail-answer");
        reader.setDaemon(true);
        reader.start();
        try {
            return answer.get();
        } catch (ExecutionException e) {
            return null;
        }
    }

    private @Nullable String readLine() throws IOException {
        byte[] line = new byte[MAX_ANSWER];
        int length = 0;
        while (length < line.length) {
            int next = in.read();
            if (next < 0) {
                return null;
            } else if (next == '\n') {
                return new String(line, 0, length, UTF_8).strip().toLowerCase(Locale.ROOT);
            }
            line[length++] = (byte) next;
        }
        return null;
    }
}
