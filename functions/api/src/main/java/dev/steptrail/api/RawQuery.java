package dev.steptrail.api;

import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Rejects repeated parameters and invalid UTF-8 in a query string, which API Gateway hides, and reads repeated values. */
final class RawQuery {
    private static final Pattern PERCENT_CODES = Pattern.compile("(?:%[0-9A-Fa-f]{2})+");

    private RawQuery() {}

    /**
     * @param repeatable the names that may be repeated
     * @throws Problem if another parameter is repeated, or a parameter is not valid UTF-8
     */
    static void check(String raw, Set<String> repeatable) {
        rejectInvalidUtf8(raw);
        rejectRepeated(raw, repeatable);
    }

    /** Returns the decoded values of a parameter. The query must have passed {@link #check}. */
    static List<String> values(String raw, String name) {
        return Stream.of(raw.split("&", -1))
                .filter(pair -> !pair.isEmpty() && name(pair).equals(name))
                .map(pair -> pair.contains("=") ? decode(pair.substring(pair.indexOf('=') + 1)) : "")
                .toList();
    }

    private static String name(String pair) {
        return decode(pair.contains("=") ? pair.substring(0, pair.indexOf('=')) : pair);
    }

    /** API Gateway replaces bytes that are not UTF-8 with U+FFFD, which is also a valid character in a value. */
    private static void rejectInvalidUtf8(String raw) {
        if (raw.indexOf('\uFFFD') >= 0) { // API Gateway replaced an invalid byte that was not percent-encoded
            throw invalidUtf8();
        }
        Matcher codes = PERCENT_CODES.matcher(raw);
        while (codes.find()) {
            byte[] bytes = HexFormat.of().parseHex(codes.group().replace("%", ""));
            try {
                StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            } catch (CharacterCodingException invalid) {
                throw invalidUtf8();
            }
        }
    }

    private static Problem invalidUtf8() {
        return Problem.badRequest("query: must be valid UTF-8.");
    }

    /** API Gateway joins the values of a repeated parameter with commas, which may also be part of a value. */
    private static void rejectRepeated(String raw, Set<String> repeatable) {
        Set<String> names = new HashSet<>();
        for (String pair : raw.split("&", -1)) {
            String name = name(pair);
            if (!pair.isEmpty() && !names.add(name) && !repeatable.contains(name)) {
                throw Problem.badRequest(Query.displayName(name) + ": must not be repeated.");
            }
        }
    }

    /** Decodes a name or a value. API Gateway joins the values of names that are equal after decoding. */
    private static String decode(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException malformed) {
            return text;
        }
    }
}
