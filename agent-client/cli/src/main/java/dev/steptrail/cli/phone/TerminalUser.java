package dev.steptrail.cli.phone;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.steptrail.cli.terminal.Terminal;
import dev.steptrail.phone.autoglm.UserInteraction;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Asks the user in the terminal. */
final class TerminalUser implements UserInteraction {
    private static final long POLL_MILLIS = 100;
    private static final int MAX_ANSWER = 1_000;

    private final InputStream in;
    private final PrintWriter err;

    TerminalUser(InputStream in, PrintWriter err) {
        this.in = in;
        this.err = err;
    }

    /** Returns an instance; without a terminal, one whose answer is always {@code UNAVAILABLE}. */
    static UserInteraction of(InputStream in, PrintWriter err) {
        return Terminal.isInteractive() ? new TerminalUser(in, err) : NONE;
    }

    @Override
    public Answer confirm(String message) throws InterruptedException {
        return ask("The agent asks for your permission: " + message, "Allow it? [y/N] ", false);
    }

    @Override
    public Answer takeOver(String message) throws InterruptedException {
        return ask("The agent needs your help on the phone: " + message, "Continue when it is done? [Y/n] ", true);
    }

    private Answer ask(String message, String question, boolean yesByDefault) throws InterruptedException {
        Terminal.showLine("", err);
        err.println(Terminal.printable(message));
        err.print(question);
        err.flush();
        try {
            String answer = readLine();
            if (answer == null) {
                return Answer.UNAVAILABLE;
            }
            String word = answer.strip().toLowerCase(Locale.ROOT);
            boolean isYes = word.isEmpty() ? yesByDefault : word.equals("y") || word.equals("yes");
            return isYes ? Answer.YES : Answer.NO;
        } catch (IOException e) {
            return Answer.UNAVAILABLE;
        }
    }

    /** Reads a line by polling, because a blocking read cannot be interrupted; null if the line is too long. */
    private @Nullable String readLine() throws IOException, InterruptedException {
        byte[] line = new byte[MAX_ANSWER];
        int length = 0;
        while (length < line.length) {
            while (in.available() == 0) {
                Thread.sleep(POLL_MILLIS);
            }
            int next = in.read();
            if (next < 0 || next == '\n') {
                return new String(line, 0, length, UTF_8);
            }
            line[length++] = (byte) next;
        }
        return null;
    }
}
