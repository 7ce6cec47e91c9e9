package dev.steptrail.insights;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/** Normalizes white space, case, character width and final punctuation of instructions, to group tasks. */
public final class InstructionText {
    private static final Pattern BLANK = Pattern.compile("[\\s\\p{Z}\\p{Cc}]+");
    private static final String TRAILING = " .!?。！？…";
    private static final int MAX_LENGTH = 200;

    /** The length of the prefix of a long instruction, which is followed by a checksum of the complete instruction. */
    private static final int PREFIX_LENGTH = 190;

    private InstructionText() {}

    /** Returns the normalized instruction of a task: its description or, if that is empty, its name. */
    public static String from(@Nullable String description, @Nullable String name) {
        String text = description == null ? "" : normalize(description);
        return text.isEmpty() && name != null ? normalize(name) : text;
    }

    /**
     * Normalizes an instruction. Idempotent. Returns at most {@value #MAX_LENGTH} characters; empty if the text has
     * only white space and punctuation. Takes time proportional to the text's length.
     */
    public static String normalize(String text) {
        String normal = toNfkc(toNfkc(text).toLowerCase(Locale.ROOT)); // lower case may decompose letters
        normal = removeFinalPunctuation(BLANK.matcher(normal).replaceAll(" ").strip());
        if (normal.codePointCount(0, normal.length()) <= MAX_LENGTH) {
            return normal;
        }
        CRC32 sum = new CRC32();
        sum.update(normal.getBytes(StandardCharsets.UTF_8));
        return removeFinalPunctuation(normal.substring(0, normal.offsetByCodePoints(0, PREFIX_LENGTH)))
                + String.format(Locale.ROOT, " #%08x", sum.getValue());
    }

    private static String toNfkc(String text) {
        return Normalizer.normalize(text, Normalizer.Form.NFKC);
    }

    private static String removeFinalPunctuation(String text) {
        int end = text.length();
        while (end > 0 && TRAILING.indexOf(text.charAt(end - 1)) >= 0) {
            end--;
        }
        return text.substring(0, end);
    }
}
