package dev.steptrail.bench.coldstart;

import dev.steptrail.bench.database.Postgres;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** Enables TLS in a Postgres server, with a self-signed certificate. */
final class TlsDatabase {
    private static final String KEYTOOL_ARGUMENTS =
            "-genkeypair -alias server -keyalg RSA -keysize 2048 -validity 1 -dname CN=127.0.0.1"
                    + " -ext san=ip:127.0.0.1 -storetype PKCS12 -storepass changeit -keystore";
    private static final char[] PASSWORD = "changeit".toCharArray();

    private TlsDatabase() {}

    /**
     * Creates a certificate for 127.0.0.1 with the JDK's keytool, and configures the server to use it.
     *
     * @return the certificate file, for {@code sslrootcert}
     */
    static Path enableTls(Postgres postgres, Path folder)
            throws IOException, GeneralSecurityException, SQLException, InterruptedException {
        Path store = folder.resolve("server.p12");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of(KEYTOOL_ARGUMENTS.split(" ")));
        command.add(store.toString());
        Process keytool = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (keytool.waitFor() != 0) {
            throw new IOException("keytool failed with exit code " + keytool.exitValue());
        }
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream stored = Files.newInputStream(store)) {
            keys.load(stored, PASSWORD);
        }
        Path certificate = folder.resolve("server.crt");
        Files.writeString(
                certificate, pem("CERTIFICATE", keys.getCertificate("server").getEncoded()));
        Path key = folder.resolve("server.key");
        Files.createFile(key, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(
                key, pem("PRIVATE KEY", keys.getKey("server", PASSWORD).getEncoded()));
        postgres.execute("ALTER SYSTEM SET ssl_cert_file = '" + certificate + "'");
        postgres.execute("ALTER SYSTEM SET ssl_key_file = '" + key + "'");
        postgres.execute("ALTER SYSTEM SET ssl = on");
        postgres.execute("SELECT pg_reload_conf()");
        return certificate;
    }

    private static String pem(String label, byte[] der) {
        return "-----BEGIN " + label + "-----\n" + Base64.getMimeEncoder().encodeToString(der) + "\n-----END " + label
                + "-----\n";
    }
}
