package dev.steptrail.cli.evaluate;

import java.util.ArrayList;
import java.util.List;

/**
 * Splits a command into the program and its arguments. Spaces separate arguments. Single or double quotes group
 * characters, also within an argument. There are no escapes, variables or wildcards, so that backslashes in Windows
 * paths need no escaping.
 */
public final class CommandSplitter {
    private static final char NO_QUOTE = 0;

    private CommandSplitter() {}

    /**
     * Returns the program and its arguments.
     *
     * @throws IllegalArgumentException if there is no program, or a quote is not closed
     */
    public static List<String> split(String command) {
        List<String> arguments = new ArrayList<>();
        StringBuilder argument = new StringBuilder();
        boolean isInArgument = false;
        char quote = NO_QUOTE;
        for (int i = 0; i < command.length(); i++) {
            char character = command.charAt(i);
            if (quote != NO_QUOTE) {
                if (character == quote) {
                    quote = NO_QUOTE;
                } else {
                    argument.append(character);
                }
            } else if (character == '\'' || character == '"') {
                quote = character;
                isInArgument = true;
            } else if (!Character.isWhitespace(character)) {
                argument.append(character);
                isInArgument = true;
            } else if (isInArgument) {
                arguments.add(argument.toString());
                argument.setLength(0);
                isInArgument = false;
            }
        }
        if (quote != NO_QUOTE) {
            throw new IllegalArgumentException("the quote " + quote + " is not closed");
        }
        if (isInArgument) {
            arguments.add(argument.toString());
        }
        if (arguments.isEmpty() || arguments.get(0).isEmpty()) {
            throw new IllegalArgumentException("the program is missing");
        }
        return arguments;
    }
}
