package dev.steptrail.localcloud;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The file that tells agents and readers where the local cloud is: KEY=value lines for a shell. */
final class LocalEnv {
    /** The user whose token the file holds. */
    static final String OWNER = "demo";

    private LocalEnv() {}

    static String text(Map<String, String> values) {
        return new TreeMap<>(values)
                .entrySet().stream()
                        .map(entry -> entry.getKey() + "=" + quote(entry.getValue()) + "\n")
                        .collect(Collectors.joining());
    }

    private static String quote(String value) {
        return "'" + value.replace("'", "'\\''") + "'";
    }
}
