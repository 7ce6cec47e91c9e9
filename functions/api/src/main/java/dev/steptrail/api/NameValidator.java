package dev.steptrail.api;

import java.util.regex.Pattern;

/** Validates names of owners and senders. */
final class NameValidator {
    /** Excludes control characters, unpaired surrogates, and U+FFFD, which replaces bytes that are not UTF-8. */
    private static final Pattern RULE = Pattern.compile("[^\\p{Cc}\\p{Cs}\uFFFD]{1,256}");

    private NameValidator() {}

    static boolean isValid(String name) {
        return RULE.matcher(name).matches();
    }

    /** Returns the name. Throws a Problem whose detail contains {@code field} if the name is invalid. */
    static String requireValid(String field, String name) {
        if (!isValid(name)) {
            throw Problem.badRequest(field + ": must be 1 to 256 characters, without control characters.");
        }
        return name;
    }
}
