package dev.steptrail.insights;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/** What people asked for, by which runs are of one task: alike in spaces, capitals, width, and what ends the sentence. */
public final class TaskText {
    private static final Pattern BLANK = Pattern.compile("[\\s\\p{Z}\\p{Cc}]+");
    private static final String ENDS = " .!?。！？…";
    private static final int LONGEST = 200;

    /** What a long one keeps, before the sum of all of it: many begin with the same page of rules. */
    private static final int KEPT = 190;

    private TaskText() {}

    /** What was asked of a run: what its description says, or its name where that says nothing. */
    public static String of(@Nullable String description, @Nullable String name) {
        String text = description == null ? "" : alike(description);
        return text.isEmpty() && name != null ? alike(name) : text;
    }

    /**
     * The same for texts that ask for the same; at most {@value #LONGEST} characters, empty where nothing is asked. What is alike to a text is alike to itself. Takes
     * time by the length of the text.
     */
    public static String alike(String text) {
        String normal = normalized(normalized(text).toLowerCase(Locale.ROOT)); // which may have taken letters apart
        normal = withoutEnd(BLANK.matcher(normal).replaceAll(" ").strip());
        if (normal.codePointCount(0, normal.length()) <= LONGEST) {
            return normal;
        }
        CRC32 sum = new CRC32();
        sum.update(normal.getBytes(StandardCharsets.UTF_8));
        return withoutEnd(normal.substring(0, normal.offsetByCodePoints(0, KEPT)))
                + String.format(Locale.ROOT, " #%08x", sum.getValue());
    }

    private static String normalized(String text) {
        return Normalizer.normalize(text, Normalizer.Form.NFKC);
    }

    private static String withoutEnd(String text) {
        int end = text.length();
        while (end > 0 && ENDS.indexOf(text.charAt(end - 1)) >= 0) {
            end--;
        }
        return text.substring(0, end);
    }
}
