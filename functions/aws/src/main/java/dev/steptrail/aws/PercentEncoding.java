package dev.steptrail.aws;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * Percent-encodes text as Signature Version 4 wants it: all octets of its UTF-8 but the unreserved characters of <a
 * href="https://www.rfc-editor.org/rfc/rfc3986#section-2.3">RFC 3986</a>. Thread-safe.
 */
public final class PercentEncoding {
    /** Of a parameter's name or value. */
    public static final PercentEncoding OF_PARAMETERS = new PercentEncoding("");

    /** Of a path, whose slashes stay. */
    public static final PercentEncoding OF_PATHS = new PercentEncoding("/");

    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private final boolean[] kept = new boolean[256];

    private PercentEncoding(String more) {
        Arrays.fill(kept, 'A', 'Z' + 1, true);
        Arrays.fill(kept, 'a', 'z' + 1, true);
        Arrays.fill(kept, '0', '9' + 1, true);
        ("-._~" + more).chars().forEach(c -> kept[c] = true);
    }

    /** The text encoded; most texts have nothing to encode. */
    public String encode(String text) {
        if (isKept(text)) {
            return text;
        }
        byte[] octets = text.getBytes(StandardCharsets.UTF_8);
        byte[] encoded = new byte[3 * octets.length];
        int length = 0;
        for (byte octet : octets) {
            if (kept[octet & 0xFF]) {
                encoded[length++] = octet;
            } else {
                encoded[length++] = '%';
                encoded[length++] = (byte) HEX.toHighHexDigit(octet);
                encoded[length++] = (byte) HEX.toLowHexDigit(octet);
            }
        }
        return new String(encoded, 0, length, StandardCharsets.US_ASCII);
    }

    private boolean isKept(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= kept.length || !kept[c]) {
                return false;
            }
        }
        return true;
    }
}
