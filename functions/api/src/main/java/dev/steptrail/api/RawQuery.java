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

/** Finds what is wrong with a query as it was sent, and can no longer be seen in what API Gateway makes of it. */
final class RawQuery {
    private static final Pattern CODES = Pattern.compile("(?:%[0-9A-Fa-f]{2})+");

    private RawQuery() {}

    /** @throws Problem if a parameter comes twice, or is no text */
    static void check(String raw) {
        refuseNoText(raw);
        refuseTwice(raw);
    }

    /** Bytes that are no UTF-8 become U+FFFD, which somebody may also mean. */
    private static void refuseNoText(String raw) {
        if (raw.indexOf('\uFFFD') >= 0) { // a byte that was sent as it is, and is decoded already
            throw noText();
        }
        Matcher codes = CODES.matcher(raw);
        while (codes.find()) {
            byte[] bytes = HexFormat.of().parseHex(codes.group().replace("%", ""));
            try {
                StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            } catch (CharacterCodingException none) {
                throw noText();
            }
        }
    }

    private static Problem noText() {
        return Problem.badRequest("A query parameter: is not text in UTF-8.");
    }

    /** The values of a parameter that comes twice are joined by commas, which are part of a value as well. */
    private static void refuseTwice(String raw) {
        Set<String> names = new HashSet<>();
        for (String pair : raw.split("&", -1)) {
            String name = decoded(pair.contains("=") ? pair.substring(0, pair.indexOf('=')) : pair);
            if (!pair.isEmpty() && !names.add(name)) {
                throw Problem.badRequest(Query.named(name) + ": must be given once.");
            }
        }
    }

    /** A letter of a name may be sent by its code, and values are joined by the name that is meant. */
    private static String decoded(String name) {
        try {
            return URLDecoder.decode(name, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException noCode) {
            return name;
        }
    }
}
