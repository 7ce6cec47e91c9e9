package dev.steptrail.api;

import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Rejects repeated parameters and invalid UTF-8 in a query string. API Gateway hides both errors. */
final class RawQuery {
    private static final Pattern PERCENT_CODES = Pattern.compile("(?:%[0-9A-Fa-f]{2})+");

    private RawQuery() {}

    /** @throws Problem if a parameter is repeated or is not valid UTF-8 */
    static void check(String raw) {
        rejectInvalidUtf8(raw);
        rejectRepeated(raw);
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
    private static void rejectRepeated(String raw) {
        Set<String> names = new HashSet<>();
        for (String pair : raw.split("&", -1)) {
            String name = decode(pair.contains("=") ? pair.substring(0, pair.indexOf('=')) : pair);
            if (!pair.isEmpty() && !names.add(name)) {
                throw Problem.badRequest(Query.displayName(name) + ": must not be repeated.");
            }
        }
    }

    /** Decodes a name, because API Gateway joins the values of names that are equal after decoding. */
    private static String decode(String name) {
        try {
            return URLDecoder.decode(name, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException malformed) {
            return name;
        }
    }
}
