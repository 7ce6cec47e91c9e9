package dev.steptrail.bench.insights;

import dev.steptrail.stepformat.Step;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;

/** Looks at steps as they were recorded. */
final class Recorded {
    /** Two jitters may add up. */
    private static final int NEAR = 10;

    private static final int ALIKE = 3;

    private Recorded() {}

    static List<Step> of(Run run) {
        return run.records().stream()
                .filter(Step.class::isInstance)
                .map(Step.class::cast)
                .toList();
    }

    static boolean doTheSame(Step a, Step b) {
        return doTheSame(Objects.requireNonNull(a.action()), Objects.requireNonNull(b.action()));
    }

    static boolean doTheSame(Map<String, Object> a, Map<String, Object> b) {
        return a.keySet().equals(b.keySet())
                && a.keySet().stream().allMatch(field -> isNear(a.get(field), b.get(field)));
    }

    private static boolean isNear(Object a, Object b) {
        if (!(a instanceof List<?> place && b instanceof List<?> other)) {
            return a.equals(b);
        }
        return Math.abs((int) place.get(0) - (int) other.get(0)) <= NEAR
                && Math.abs((int) place.get(1) - (int) other.get(1)) <= NEAR;
    }

    /** By how many bits their screens differ; 0 where these are not known. */
    static int difference(Step a, Step b) {
        return a.screenshots().isEmpty() ? 0 : Long.bitCount(hash(a) ^ hash(b));
    }

    static boolean maySeeTheSame(Step a, Step b) {
        return difference(a, b) <= ALIKE;
    }

    private static long hash(Step step) {
        String hash = step.screenshots().get(0).perceptualHash();
        return Long.parseUnsignedLong(Objects.requireNonNull(hash), 16);
    }

    /** What matches the texts of a cluster. */
    static String pattern(String cluster) {
        return Pattern.quote(cluster)
                .replace("<n>", "\\E\\d+\\Q")
                .replace("<id>", "\\E[0-9a-f]{16}\\Q")
                .replace("<name>", "\\E[^'\"“”]+\\Q");
    }
}
