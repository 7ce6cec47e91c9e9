package dev.steptrail.cli.evaluate;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Splits a command into the program and its arguments. Spaces separate arguments. Single or double quotes group
 * characters, also within an argument. There are no escapes, variables or wildcards, so that backslashes in Windows
 * paths need no escaping.
 */
public final class CommandSplitter {
    private static final Pattern ARGUMENT = Pattern.compile("(?:[^\\p{javaWhitespace}'\"]+|'[^']*'|\"[^\"]*\")+");

    private static final Pattern QUOTED = Pattern.compile("'[^']*'|\"[^\"]*\"");

    private CommandSplitter() {}

    /**
     * Returns the program and its arguments.
     *
     * @throws IllegalArgumentException if there is no program, or a quote is not closed
     */
    public static List<String> split(String command) {
        String rest = ARGUMENT.matcher(command).replaceAll("").strip();
        if (!rest.isEmpty()) {
            throw new IllegalArgumentException("the quote " + rest.charAt(0) + " is not closed");
        }
        List<String> arguments = ARGUMENT.matcher(command)
                .results()
                .map(argument -> removeQuotes(argument.group()))
                .toList();
        if (arguments.isEmpty() || arguments.get(0).isEmpty()) {
            throw new IllegalArgumentException("the program is missing");
        }
        return arguments;
    }

    private static String removeQuotes(String argument) {
        return QUOTED.matcher(argument)
                .replaceAll(part -> Matcher.quoteReplacement(
                        part.group().substring(1, part.group().length() - 1)));
    }
}
