package dev.steptrail.api;

import java.util.regex.Pattern;

/** Validates names of owners and senders. */
final class Name {
    /** Excludes control characters, unpaired surrogates, and U+FFFD, which replaces bytes that are not UTF-8. */
    private static final Pattern RULE = Pattern.compile("[^\\p{Cc}\\p{Cs}\uFFFD]{1,256}");

    private Name() {}

    static boolean matches(String name) {
        return RULE.matcher(name).matches();
    }

    /** @throws Problem if the name is invalid; the detail names the field */
    static String checked(String field, String name) {
        if (!matches(name)) {
            throw Problem.badRequest(field + ": must be 1 to 256 characters, without control characters.");
        }
        return name;
    }
}
