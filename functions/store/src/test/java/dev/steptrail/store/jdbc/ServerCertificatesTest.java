package dev.steptrail.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Date;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** Tests the certificates in each function's zip, which are read like an sslrootcert. */
class ServerCertificatesTest {
    private static final Path AMAZON = Path.of("../rds-ca.pem");
    private static final Path SUPABASE = Path.of("../supabase-ca.pem");

    @Test
    void amazonsRoots_areValidForFiveYears_onePerRegion() throws Exception {
        Collection<X509Certificate> roots = certificates(AMAZON);

        assertThat(roots).hasSize((int) Files.readAllLines(AMAZON).stream()
                .filter(line -> line.startsWith("-----BEGIN"))
                .count());
        for (X509Certificate root : roots) {
            root.verify(root.getPublicKey());
            root.checkValidity(Date.from(Instant.now().plus(Duration.ofDays(5 * 365))));
            assertThat(root.getBasicConstraints()).isNotNegative();
            assertThat(root.getSubjectX500Principal().getName())
                    .containsPattern("CN=Amazon RDS [a-z]+-[a-z]+-[0-9] Root CA RSA2048 G1");
        }
        assertThat(roots)
                .extracting(root -> root.getSubjectX500Principal().getName())
                .doesNotHaveDuplicates();
    }

    @Test
    void supabasesRoot_hasThePublishedFingerprint_andIsValidForAYear() throws Exception {
        X509Certificate root = certificates(SUPABASE).iterator().next();

        root.verify(root.getPublicKey());
        root.checkValidity(Date.from(Instant.now().plus(Duration.ofDays(365))));
        assertThat(root.getBasicConstraints()).isNotNegative();
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(root.getEncoded());
        assertThat(Files.readString(SUPABASE))
                .contains("SHA-256 " + HexFormat.of().formatHex(digest) + "\n");
        assertThat(certificates(SUPABASE)).hasSize(1);
    }

    @SuppressWarnings("unchecked") // of a factory of X.509
    private static Collection<X509Certificate> certificates(Path file) throws Exception {
        try (InputStream pem = Files.newInputStream(file)) {
            return (Collection<X509Certificate>)
                    CertificateFactory.getInstance("X.509").generateCertificates(pem);
        }
    }
}
