package dev.steptrail.localcloud;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Formats DIR/local.env, from which agents and API clients read the local cloud's addresses and keys: KEY=value lines for a shell. */
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
