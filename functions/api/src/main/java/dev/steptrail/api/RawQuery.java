package dev.steptrail.api;

import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Parses a query string. API Gateway's own parser hides repeated parameters and invalid UTF-8. */
final class RawQuery {
    private static final Pattern PERCENT_CODES = Pattern.compile("(?:%[0-9A-Fa-f]{2})+");

    private RawQuery() {}

    /**
     * Returns the decoded values of each parameter, by name.
     *
     * @param repeatable the names that may be repeated
     * @throws Problem if another parameter is repeated, or a parameter is not valid UTF-8
     */
    static SortedMap<String, List<String>> parse(String raw, Set<String> repeatable) {
        rejectInvalidUtf8(raw);
        SortedMap<String, List<String>> parameters = new TreeMap<>();
        for (String pair : raw.split("&", -1)) {
            if (!pair.isEmpty()) {
                String[] parts = pair.split("=", 2);
                String name = decode(parts[0]);
                List<String> values = parameters.computeIfAbsent(name, key -> new ArrayList<>());
                values.add(parts.length == 1 ? "" : decode(parts[1]));
                if (values.size() > 1 && !repeatable.contains(name)) {
                    throw Problem.badRequest(Query.displayName(name) + ": must not be repeated.");
                }
            }
        }
        return parameters;
    }

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

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException malformed) {
            return text;
        }
    }
}
