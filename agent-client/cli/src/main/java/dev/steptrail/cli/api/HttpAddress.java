package dev.steptrail.cli.api;

import java.net.URI;

/** Which addresses the JDK's client takes; of others it complains by quoting them. */
final class HttpAddress {
    private static final int HIGHEST_PORT = 65_535;

    private HttpAddress() {}

    static boolean isUsable(URI address) {
        boolean http = isSecure(address) || "http".equalsIgnoreCase(address.getScheme());
        return http && address.getHost() != null && address.getPort() != 0 && address.getPort() <= HIGHEST_PORT;
    }

    static boolean isSecure(URI address) {
        return "https".equalsIgnoreCase(address.getScheme());
    }
}
