package dev.steptrail.stepformat;

import com.fasterxml.jackson.core.sym.ByteQuadsCanonicalizer;
import java.util.ArrayList;
import java.util.List;

/**
 * Generates names of eight characters that collide in the symbol table of Jackson's byte parser for any seed. The
 * parser computes a hash of such a name before it adds the seed ({@link ByteQuadsCanonicalizer#calcHash(int, int)}),
 * and these hashes are equal.
 */
public final class HashCollisions {
    /** The inverse of 33 modulo 2<sup>32</sup>. */
    private static final int INVERSE_OF_33 = 1_041_204_193;

    private HashCollisions() {}

    public static List<String> names(int count) {
        List<String> names = new ArrayList<>();
        for (int i = 0; names.size() < count; i++) {
            int first = quad(i);
            int second = -mix(first) * INVERSE_OF_33;
            if (isPrintable(first) && isPrintable(second)) {
                names.add(text(first) + text(second));
            }
        }
        return names;
    }

    private static int quad(int i) {
        int quad = 0;
        for (int rest = i, letter = 0; letter < 4; letter++, rest /= 64) {
            quad = quad << 8 | '?' + rest % 64;
        }
        return quad;
    }

    private static int mix(int first) {
        int hash = first + (first >>> 15);
        return hash ^ hash >>> 9;
    }

    private static boolean isPrintable(int quad) {
        return text(quad).chars().allMatch(c -> c > ' ' && c < 127 && c != '"' && c != '\\');
    }

    private static String text(int quad) {
        return "" + (char) (quad >>> 24) + (char) (quad >>> 16 & 0xFF) + (char) (quad >>> 8 & 0xFF)
                + (char) (quad & 0xFF);
    }
}
