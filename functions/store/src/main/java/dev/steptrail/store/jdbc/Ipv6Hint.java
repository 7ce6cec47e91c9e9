package dev.steptrail.store.jdbc;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Optional;
import java.util.Properties;
import org.postgresql.Driver;

/**
 * Explains why a host without an IPv4 address cannot be reached. Functions outside a VPC have no IPv6, and some
 * providers give the database host only an IPv6 address.
 *
 * @see <a href="https://supabase.com/docs/guides/database/connecting-to-postgres">Connect to your database
 *     (Supabase)</a>
 */
public final class Ipv6Hint {
    private Ipv6Hint() {}

    /** Returns the explanation; empty if a host of the JDBC URL has an IPv4 address. */
    public static Optional<String> of(String url) {
        Properties parsed = Driver.parseURL(url, null);
        String hosts = parsed == null ? null : parsed.getProperty("PGHOST");
        if (hosts == null || Arrays.stream(hosts.split(",")).anyMatch(Ipv6Hint::hasIpv4)) {
            return Optional.empty();
        }
        return Optional.of("the host " + hosts
                + " does not exist or has no IPv4 address, and functions outside a VPC connect over IPv4 only."
                + " Check the spelling, and whether the database is paused; otherwise set DatabaseUrl to the provider's session pooler (Supabase: the host ending with"
                + " .pooler.supabase.com, port 5432) and DatabaseUser to the pooler's user");
    }

    /** Returns whether the host has an IPv4 address. A host that does not exist has none. */
    private static boolean hasIpv4(String host) {
        try {
            return Arrays.stream(InetAddress.getAllByName(host)).anyMatch(Inet4Address.class::isInstance);
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
