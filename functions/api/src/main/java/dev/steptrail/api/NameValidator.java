package dev.steptrail.api;

import dev.steptrail.stepformat.WhiteSpace;
import java.util.regex.Pattern;

/** Validates names and other texts of requests. Lengths are in code points. */
final class NameValidator {
    private static final int MAX_NAME = 256;

    /** Excludes control characters, unpaired surrogates, and U+FFFD, which replaces bytes that are not UTF-8. */
    private static final Pattern LINE = Pattern.compile("[^\\p{Cc}\\p{Cs}\uFFFD]+");

    private static final Pattern UNSAFE_SEGMENT = Pattern.compile("\\.{1,2}|.*[/\\\\%].*", Pattern.DOTALL);

    /** Excludes only what Postgres cannot store. */
    private static final Pattern TEXT = Pattern.compile("[^\\x00\\p{Cs}]+");

    private NameValidator() {}

    /** Returns whether the text is a valid name of an owner or a sender. */
    static boolean isValid(String name) {
        return isLine(name, MAX_NAME);
    }

    /** Returns the name. Throws a Problem whose detail contains {@code field} if the name is invalid. */
    static String requireValid(String field, String name) {
        return requireLine(field, name, MAX_NAME);
    }

    /** Returns whether a text has 1 to {@code max} characters, and no control characters. */
    static boolean isLine(String text, int max) {
        return hasLength(text, max) && LINE.matcher(text).matches();
    }

    /** Returns the text. Throws a Problem whose detail contains {@code field} unless {@link #isLine}. */
    static String requireLine(String field, String text, int max) {
        if (!isLine(text, max)) {
            throw Problem.invalidValue(field, "must be 1 to " + max + " characters, without control characters", text);
        }
        return text;
    }

    /**
     * Same as {@link #requireTrimmed}, for a segment of a path. Clients and proxies remove the segments {@code .} and
     * {@code ..}, and API Gateway decodes the path before it matches the route.
     */
    static String requireSegment(String field, String text, int max) {
        if (UNSAFE_SEGMENT.matcher(text).matches()) {
            throw Problem.invalidValue(
                    field, "must not be . or .., or contain / or \\ or %, because it is part of a URL", text);
        }
        return requireTrimmed(field, text, max);
    }

    /** Same as {@link #requireLine}, but the text must not have {@link WhiteSpace white space} at either end. */
    static String requireTrimmed(String field, String text, int max) {
        if (WhiteSpace.isAtEnd(text)) {
            throw Problem.invalidValue(field, WhiteSpace.RULE, text);
        }
        return requireLine(field, text, max);
    }

    /** Same as {@link #requireLine}, but the text may have line breaks and other control characters. */
    static String requireText(String field, String text, int max) {
        if (!hasLength(text, max) || !TEXT.matcher(text).matches()) {
            throw Problem.invalidValue(field, "must be 1 to " + max + " characters, without null characters", text);
        }
        return text;
    }

    private static boolean hasLength(String text, int max) {
        return !text.isEmpty() && text.codePointCount(0, text.length()) <= max;
    }
}
