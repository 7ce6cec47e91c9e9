package dev.steptrail.demophone.internal.shell;

import java.util.ArrayList;
import java.util.List;

/**
 * Splits a command line into simple commands and their words. Quoting follows the shell's rules: characters between
 * single quotes are literal, a backslash makes the next character literal, and between double quotes it does so only
 * before {@code $ ` " \}. Commands are separated by {@code ;} or a newline. Everything else that is special for a shell
 * is rejected: variables, comments, pipes, redirections, conditions, substitutions and subshells.
 *
 * @see <a href="https://pubs.opengroup.org/onlinepubs/9699919799/utilities/V3_chap02.html">POSIX, Shell Command
 *     Language</a>
 */
final class CommandLine {
    private static final String SEPARATORS = " \t\n;";
    private static final String UNSUPPORTED = "|&<>()`$#";

    private final String line;
    private int position;

    /** A syntax error, or syntax that the simulated shell does not support. */
    static final class SyntaxException extends Exception {
        private static final long serialVersionUID = 1;

        SyntaxException(String message) {
            super(message);
        }
    }

    private CommandLine(String line) {
        this.line = line;
    }

    /** Returns the words of each command, in order. */
    static List<List<String>> parse(String line) throws SyntaxException {
        return new CommandLine(line).commands();
    }

    private List<List<String>> commands() throws SyntaxException {
        List<List<String>> commands = new ArrayList<>();
        List<String> words = new ArrayList<>();
        while (position < line.length()) {
            char c = line.charAt(position);
            if (SEPARATORS.indexOf(c) < 0) {
                words.add(word());
                continue;
            }
            position++;
            if (c == ';' || c == '\n') {
                commands.add(words);
                words = new ArrayList<>();
            }
        }
        commands.add(words);
        commands.removeIf(List::isEmpty);
        return commands;
    }

    private String word() throws SyntaxException {
        StringBuilder word = new StringBuilder();
        while (position < line.length() && SEPARATORS.indexOf(line.charAt(position)) < 0) {
            char c = line.charAt(position++);
            switch (c) {
                case '\'' -> {
                    int end = line.indexOf('\'', position);
                    if (end < 0) {
                        throw new SyntaxException("no closing quote");
                    }
                    word.append(line, position, end);
                    position = end + 1;
                }
                case '"' -> doubleQuoted(word);
                case '\\' -> word.append(escaped());
                default -> word.append(require(UNSUPPORTED.indexOf(c) < 0, c));
            }
        }
        return word.toString();
    }

    private void doubleQuoted(StringBuilder word) throws SyntaxException {
        while (position < line.length()) {
            char c = line.charAt(position++);
            if (c == '"') {
                return;
            } else if (c == '\\' && position < line.length() && "$`\"\\\n".indexOf(line.charAt(position)) >= 0) {
                word.append(escaped());
            } else {
                word.append(require(c != '$' && c != '`', c));
            }
        }
        throw new SyntaxException("no closing quote");
    }

    /** Returns the character after a backslash, which must not be the end of the line. */
    private char escaped() throws SyntaxException {
        require(position < line.length() && line.charAt(position) != '\n', '\\');
        return line.charAt(position++);
    }

    /** Returns {@code c} if it is supported here. */
    private static char require(boolean supported, char c) throws SyntaxException {
        if (!supported) {
            throw new SyntaxException("the simulated shell does not support '" + c + "'");
        }
        return c;
    }
}
