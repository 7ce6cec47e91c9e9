package dev.steptrail.aws;

import java.util.HashMap;
import java.util.Map;

/** A function's settings by name, usually its environment variables. Thread-safe. */
public final class Settings {
    private final Map<String, String> values;

    /** @param values name to value, such as {@link System#getenv()} */
    public Settings(Map<String, String> values) {
        this.values = Map.copyOf(values);
    }

    /** Returns whether these are this process's environment variables, as in a deployed function. */
    boolean areProcessEnvironment() {
        return values.equals(System.getenv());
    }

    /**
     * Returns these settings with fake credentials and without a CDN, so that priming loads neither the credentials of
     * the function's role nor the CDN's private key.
     */
    public Settings withFakeCredentials() {
        Map<String, String> copy = new HashMap<>(values);
        copy.remove("STEPTRAIL_CDN_ORIGIN");
        copy.put("AWS_ACCESS_KEY_ID", "fake");
        copy.put("AWS_SECRET_ACCESS_KEY", "fake");
        copy.remove("AWS_SESSION_TOKEN");
        return new Settings(copy);
    }

    /**
     * Returns the settings of a database for priming before a snapshot, which must not contain a password. If the
     * password is read from a parameter, the login is fake and nothing listens at the URL, so no connection is opened.
     */
    public Settings forPrimingDatabase() {
        if (!optional("STEPTRAIL_DATABASE_AUTH", "password").equals("parameter")) {
            return this;
        }
        Map<String, String> copy = new HashMap<>(values);
        copy.putAll(Map.of(
                "STEPTRAIL_DATABASE_URL", "jdbc:postgresql://127.0.0.1:1/priming",
                "STEPTRAIL_DATABASE_AUTH", "password",
                "STEPTRAIL_DATABASE_USER", "priming",
                "STEPTRAIL_DATABASE_PASSWORD", "priming"));
        return new Settings(copy);
    }

    /**
     * Returns the value of a required setting.
     *
     * @throws IllegalArgumentException if the setting is missing or blank; the message names it
     */
    public String required(String name) {
        String value = values.getOrDefault(name, "");
        if (value.isBlank()) {
            throw new IllegalArgumentException(name + ": is not set; set it in the function's environment");
        }
        return value;
    }

    /** Returns the value of a setting, or {@code defaultValue} if it is missing or blank. */
    public String optional(String name, String defaultValue) {
        String value = values.getOrDefault(name, "");
        return value.isBlank() ? defaultValue : value;
    }
}
