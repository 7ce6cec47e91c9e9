package dev.steptrail.api;

import java.util.regex.Pattern;

/** A name that the database takes as an owner's or a sender's. */
final class Name {
    /** Half a surrogate pair is no character, Postgres has no U+0000, and U+FFFD stands for bytes that were no text. */
    private static final Pattern RULE = Pattern.compile("[^\\p{Cc}\\p{Cs}\uFFFD]{1,256}");

    private Name() {}

    static boolean matches(String name) {
        return RULE.matcher(name).matches();
    }

    /** @throws Problem naming the field, if it is none */
    static String checked(String field, String name) {
        if (!matches(name)) {
            throw Problem.badRequest(field + ": must be 1 to 256 characters, no control characters among them.");
        }
        return name;
    }
}
