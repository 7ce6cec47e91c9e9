package dev.steptrail.aws;

import java.util.HashMap;
import java.util.Map;

/** A function's settings by name, as its environment has them. Thread-safe. */
public final class Settings {
    private final Map<String, String> values;

    /** @param values name to value, such as {@link System#getenv()} */
    public Settings(Map<String, String> values) {
        this.values = Map.copyOf(values);
    }

    /** Returns whether these are the environment variables of this process, as in a deployed function, and not those of a test or the local cloud. */
    boolean areProcessEnvironment() {
        return values.equals(System.getenv());
    }

    /** Returns the same settings with credentials that nobody has, for a rehearsal that must load none of the function's role. */
    public Settings withMadeUpCredentials() {
        Map<String, String> madeUp = new HashMap<>(values);
        madeUp.put("AWS_ACCESS_KEY_ID", "rehearsal");
        madeUp.put("AWS_SECRET_ACCESS_KEY", "rehearsal");
        madeUp.remove("AWS_SESSION_TOKEN");
        return new Settings(madeUp);
    }

    /**
     * The value of a setting that must be there.
     *
     * @throws IllegalArgumentException naming the setting, if it is missing or blank
     */
    public String required(String name) {
        String value = values.getOrDefault(name, "");
        if (value.isBlank()) {
            throw new IllegalArgumentException(name + ": is not set; set it in the function's environment");
        }
        return value;
    }

    /** The value of a setting, or {@code otherwise} where it is missing or blank. */
    public String optional(String name, String otherwise) {
        String value = values.getOrDefault(name, "");
        return value.isBlank() ? otherwise : value;
    }
}
