package dev.steptrail.cli.api;

import java.io.IOException;
import java.util.Map;
import java.util.regex.Pattern;

/** The token in {@code STEPTRAIL_TOKEN}. */
public final class EnvironmentToken implements TokenSource {
    /** The name of the variable. */
    public static final String VARIABLE = "STEPTRAIL_TOKEN";

    /** Characters that a header may contain. For others, the JDK throws exceptions that quote the token. */
    private static final Pattern TOKEN = Pattern.compile("[\\x21-\\x7E]+");

    private final String token;

    /** @throws IOException if the variable is empty or is not a token */
    public EnvironmentToken(Map<String, String> environment) throws IOException {
        this.token = environment.getOrDefault(VARIABLE, "").strip();
        if (!TOKEN.matcher(token).matches()) {
            throw new IOException(
                    VARIABLE + " is not a valid token (expected printable ASCII characters without spaces)");
        }
    }

    /** Returns whether the variable is set. */
    public static boolean isSet(Map<String, String> environment) {
        return !environment.getOrDefault(VARIABLE, "").isBlank();
    }

    @Override
    public String token() {
        return token;
    }

    @Override
    public String name() {
        return VARIABLE;
    }

    @Override
    public String remedy(boolean admin) {
        return (admin ? "get an admin's token" : "get a new one")
                + " (with the local cloud: infra/local-cloud/up --token USER" + (admin ? " --admin)" : ")")
                + ", or unset the variable and run steptrail login";
    }
}
