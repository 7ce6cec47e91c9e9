package dev.steptrail.demophone.internal.shell;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A parsed command line. Quoting follows the shell's rules: characters between single quotes are literal, a backslash
 * makes the next character literal, and between double quotes it does so only before {@code $ ` " \} and a newline.
 * Supported are {@code ;}, {@code &&}, {@code ||}, {@code >}, {@code >>}, {@code 2>}, {@code 2>&1}, comments, and
 * variables, which are all empty except {@code $?}. Pipes, background jobs, substitutions and subshells are rejected.
 *
 * @param commands in order
 * @see <a href="https://pubs.opengroup.org/onlinepubs/9699919799/utilities/V3_chap02.html">POSIX, Shell Command
 *     Language</a>
 */
record CommandLine(List<Command> commands) {
    /** When a command is executed, depending on the one before it. */
    enum Condition {
        ALWAYS,
        SUCCESS,
        FAILURE
    }

    /**
     * A simple command.
     *
     * @param words the program and its arguments
     * @param outputFile to which standard output is redirected, or null
     * @param append whether the output is appended to the file
     * @param errorFile to which standard error is redirected, or null
     * @param errorToOutput whether standard error is part of standard output
     */
    record Command(
            Condition condition,
            List<Word> words,
            @Nullable String outputFile,
            boolean append,
            @Nullable String errorFile,
            boolean errorToOutput) {}

    /**
     * A word.
     *
     * @param parts its text, split at each {@code $?}
     */
    record Word(List<String> parts) {
        /** Returns the text with the exit code of the command before. */
        String text(int exitCode) {
            return String.join(Integer.toString(exitCode), parts);
        }
    }

    /** A syntax error, or syntax that the simulated shell does not support. */
    static final class SyntaxException extends Exception {
        private static final long serialVersionUID = 1;

        SyntaxException(String message) {
            super(message);
        }
    }

    static CommandLine parse(String line) throws SyntaxException {
        return new CommandLine(new Parser(line).parse());
    }

    private static final class Parser {
        private final String line;
        private final List<Command> commands = new ArrayList<>();
        private int position;
        private Condition condition = Condition.ALWAYS;
        private List<Word> words = new ArrayList<>();
        private List<String> parts = new ArrayList<>();
        private @Nullable String outputFile;
        private boolean append;
        private @Nullable String errorFile;
        private boolean errorToOutput;

        Parser(String line) {
            this.line = line;
        }

        List<Command> parse() throws SyntaxException {
            while (position < line.length()) {
                char c = line.charAt(position);
                if (c == ' ' || c == '\t') {
                    position++;
                } else if (c == '#') {
                    int end = line.indexOf('\n', position);
                    position = end < 0 ? line.length() : end;
                } else if (skip(";") || skip("\n")) {
                    end(Condition.ALWAYS);
                } else if (skip("&&")) {
                    end(Condition.SUCCESS);
                } else if (skip("||")) {
                    end(Condition.FAILURE);
                } else if (skip("2>&1")) {
                    errorToOutput = true;
                } else if (skip("2>")) {
                    errorFile = target();
                } else if (skip(">>") || skip("1>>")) {
                    append = true;
                    outputFile = target();
                } else if (skip(">") || skip("1>")) {
                    append = false;
                    outputFile = target();
                } else if ("|&<()".indexOf(c) >= 0) {
                    throw unsupported(c);
                } else {
                    addWord();
                }
            }
            if (words.isEmpty() && condition != Condition.ALWAYS) {
                throw new SyntaxException("syntax error: unexpected end of the command");
            }
            end(Condition.ALWAYS);
            return commands;
        }

        private boolean skip(String operator) {
            boolean found = line.startsWith(operator, position);
            if (found) {
                position += operator.length();
            }
            return found;
        }

        private void end(Condition next) throws SyntaxException {
            if (!words.isEmpty()) {
                commands.add(new Command(condition, words, outputFile, append, errorFile, errorToOutput));
            } else if (next != Condition.ALWAYS) {
                throw new SyntaxException("syntax error: '" + (next == Condition.SUCCESS ? "&&" : "||")
                        + "' without a command before it");
            }
            condition = next;
            words = new ArrayList<>();
            outputFile = null;
            append = false;
            errorFile = null;
            errorToOutput = false;
        }

        private String target() throws SyntaxException {
            while (position < line.length() && line.charAt(position) == ' ') {
                position++;
            }
            Word word = word();
            if (word == null) {
                throw new SyntaxException("syntax error: no file after '>'");
            }
            return word.text(0);
        }

        private void addWord() throws SyntaxException {
            Word word = word();
            if (word != null) {
                words.add(word);
            }
        }

        /** Returns the next word; null if it consists of empty unquoted variables, which the shell removes. */
        private @Nullable Word word() throws SyntaxException {
            StringBuilder word = new StringBuilder();
            parts = new ArrayList<>();
            boolean quoted = false;
            while (position < line.length()) {
                char c = line.charAt(position);
                if (" \t\n;|&<>()".indexOf(c) >= 0) {
                    break;
                }
                position++;
                switch (c) {
                    case '\'' -> {
                        quoted = true;
                        int end = line.indexOf('\'', position);
                        if (end < 0) {
                            throw new SyntaxException("no closing quote");
                        }
                        word.append(line, position, end);
                        position = end + 1;
                    }
                    case '"' -> {
                        quoted = true;
                        doubleQuoted(word);
                    }
                    case '\\' -> {
                        if (position < line.length()) {
                            quoted |= line.charAt(position) != '\n';
                            escaped(word);
                        } else {
                            word.append('\\');
                        }
                    }
                    case '$' -> variable(word);
                    case '`' -> throw unsupported(c);
                    default -> word.append(c);
                }
            }
            if (!quoted && word.isEmpty() && parts.isEmpty()) {
                return null;
            }
            parts.add(word.toString());
            return new Word(parts);
        }

        private void doubleQuoted(StringBuilder word) throws SyntaxException {
            while (position < line.length()) {
                char c = line.charAt(position++);
                if (c == '"') {
                    return;
                } else if (c == '$') {
                    variable(word);
                } else if (c == '`') {
                    throw unsupported(c);
                } else if (c == '\\' && position < line.length() && "$`\"\\\n".indexOf(line.charAt(position)) >= 0) {
                    escaped(word);
                } else {
                    word.append(c);
                }
            }
            throw new SyntaxException("no closing quote");
        }

        /** Appends the character after a backslash; a backslash before a newline continues the line. */
        private void escaped(StringBuilder word) {
            char c = line.charAt(position++);
            if (c != '\n') {
                word.append(c);
            }
        }

        private void variable(StringBuilder word) throws SyntaxException {
            if (skip("?")) {
                parts.add(word.toString());
                word.setLength(0);
            } else if (position < line.length() && "({!#$-".indexOf(line.charAt(position)) >= 0) {
                throw unsupported('$');
            } else if (position < line.length() && "@*0123456789".indexOf(line.charAt(position)) >= 0) {
                position++;
            } else {
                int start = position;
                while (position < line.length() && isNamePart(line.charAt(position), position == start)) {
                    position++;
                }
                if (position == start) {
                    word.append('$');
                }
            }
        }

        private static boolean isNamePart(char c, boolean first) {
            return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (!first && c >= '0' && c <= '9');
        }

        private static SyntaxException unsupported(char c) {
            return new SyntaxException("the simulated shell does not support '" + c + "'");
        }
    }
}
