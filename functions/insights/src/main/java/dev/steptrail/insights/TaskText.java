package dev.steptrail.insights;

import java.text.Normalizer;
import java.util.Locale;
import java.util.regex.Pattern;

/** What people asked for, by which runs are of one task: alike in spaces, capitals, width, and what ends the sentence. */
public final class TaskText {
    private static final Pattern BLANK = Pattern.compile("[\\s\\p{Z}]+");
    private static final Pattern END = Pattern.compile("[\\s.!?。！？…]+$");
    private static final int LONGEST = 200;

    private TaskText() {}

    /** The same for texts that ask for the same; at most {@value #LONGEST} characters, empty where nothing is asked. */
    public static String alike(String text) {
        String normal = Normalizer.normalize(text, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT);
        normal = END.matcher(BLANK.matcher(normal).replaceAll(" ").strip()).replaceAll("");
        return normal.codePointCount(0, normal.length()) <= LONGEST
                ? normal
                : normal.substring(0, normal.offsetByCodePoints(0, LONGEST));
    }
}
