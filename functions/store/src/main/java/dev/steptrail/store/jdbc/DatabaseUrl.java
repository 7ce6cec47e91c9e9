package dev.steptrail.store.jdbc;

import dev.steptrail.aws.Settings;
import java.util.Arrays;
import java.util.Properties;
import org.postgresql.Driver;
import org.postgresql.ssl.DefaultJavaSSLFactory;

/**
 * The database's JDBC URL, by which a connection is encrypted and the server's certificate checked, unless the URL itself names an
 * {@code sslmode} or the server is on this machine: pgjdbc by itself takes any certificate, and none. Certificates are those that Java
 * trusts, unless the URL names an {@code sslrootcert} or {@code sslfactory}.
 */
final class DatabaseUrl {
    private static final String SETTING = "STEPTRAIL_DATABASE_URL";

    private DatabaseUrl() {}

    /**
     * What stands in the settings, with what is missing there.
     *
     * @throws IllegalArgumentException if the setting {@code STEPTRAIL_DATABASE_URL} is missing, or none of Postgres
     */
    static String of(Settings settings) {
        String url = settings.required(SETTING);
        if (!url.startsWith("jdbc:postgresql:")) {
            throw new IllegalArgumentException(SETTING + ": must begin with jdbc:postgresql:");
        }
        Properties named = Driver.parseURL(url, null);
        if (named == null) {
            throw new IllegalArgumentException(SETTING + ": must be like jdbc:postgresql://host:5432/database");
        }
        if (named.containsKey("sslmode") || isHere(named.getProperty("PGHOST", "localhost"))) {
            return url;
        }
        boolean trusts = named.containsKey("sslrootcert") || named.containsKey("sslfactory");
        return url + (url.contains("?") ? "&" : "?") + "sslmode=verify-full"
                + (trusts ? "" : "&sslfactory=" + DefaultJavaSSLFactory.class.getName());
    }

    private static boolean isHere(String hosts) {
        return Arrays.stream(hosts.split(",", -1))
                .allMatch(host -> host.equals("localhost")
                        || host.equals("::1")
                        || host.equals("[::1]")
                        || host.matches("127(\\.[0-9]{1,3}){3}"));
    }
}
