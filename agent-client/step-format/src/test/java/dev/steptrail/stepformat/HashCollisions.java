package dev.steptrail.stepformat;

import com.fasterxml.jackson.core.sym.ByteQuadsCanonicalizer;
import java.util.ArrayList;
import java.util.List;

/**
 * Names of eight letters that fall on one place in the table of names of Jackson's parser of bytes, whatever its seed: of such
 * names it makes a number before it mixes the seed in ({@link ByteQuadsCanonicalizer#calcHash(int, int)}), and there are as many
 * as one likes of which that number is the same.
 */
public final class HashCollisions {
    /** The inverse of 33 among the numbers of 32 bits. */
    private static final int ONE_33RD = 1_041_204_193;

    private HashCollisions() {}

    public static List<String> first(int count) {
        List<String> names = new ArrayList<>();
        for (int i = 0; names.size() < count; i++) {
            int first = letters(i);
            int second = -mixed(first) * ONE_33RD;
            if (isOfLetters(first) && isOfLetters(second)) {
                names.add(text(first) + text(second));
            }
        }
        return names;
    }

    private static int letters(int i) {
        int quad = 0;
        for (int rest = i, letter = 0; letter < 4; letter++, rest /= 64) {
            quad = quad << 8 | '?' + rest % 64;
        }
        return quad;
    }

    private static int mixed(int first) {
        int hash = first + (first >>> 15);
        return hash ^ hash >>> 9;
    }

    private static boolean isOfLetters(int quad) {
        return text(quad).chars().allMatch(c -> c > ' ' && c < 127 && c != '"' && c != '\\');
    }

    private static String text(int quad) {
        return "" + (char) (quad >>> 24) + (char) (quad >>> 16 & 0xFF) + (char) (quad >>> 8 & 0xFF)
                + (char) (quad & 0xFF);
    }
}
