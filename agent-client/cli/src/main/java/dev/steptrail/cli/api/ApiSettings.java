package dev.steptrail.cli.api;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The API's address and the token to call it with.
 *
 * @param address without a slash at its end
 */
record ApiSettings(String address, String token) {
    /** What a header may contain; the JDK's exceptions for other texts quote them. */
    private static final Pattern TOKEN = Pattern.compile("[\\x21-\\x7E]+");

    /** @throws IOException if a variable is missing or malformed; the message names it without its value */
    static ApiSettings from(Map<String, String> environment) throws IOException {
        String address = required(environment, "STEPTRAIL_API");
        if (!isAddress(address)) {
            throw new IOException("STEPTRAIL_API is no address: it must look like https://host");
        }
        String token = required(environment, "STEPTRAIL_TOKEN");
        if (!TOKEN.matcher(token).matches()) {
            throw new IOException("STEPTRAIL_TOKEN is no token: it has a character that no token has");
        }
        return new ApiSettings(address.replaceAll("/+$", ""), token);
    }

    /** Without the token. */
    @Override
    public String toString() {
        return address;
    }

    private static String required(Map<String, String> environment, String name) throws IOException {
        String value = environment.getOrDefault(name, "").strip();
        if (value.isEmpty()) {
            throw new IOException(name + " is not set (with the local cloud: set -a; . DIR/local.env)");
        }
        return value;
    }

    private static boolean isAddress(String text) {
        try {
            URI uri = new URI(text);
            return Http.isUsable(uri)
                    && uri.getRawUserInfo() == null
                    && uri.getRawQuery() == null
                    && uri.getRawFragment() == null;
        } catch (URISyntaxException e) {
            return false;
        }
    }
}
