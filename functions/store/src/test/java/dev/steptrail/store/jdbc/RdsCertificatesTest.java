package dev.steptrail.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Date;
import org.junit.jupiter.api.Test;

/** Tests the certificates in each function's zip, which are read like an sslrootcert. */
class RdsCertificatesTest {
    private static final Path FILE = Path.of("../rds-ca.pem");

    @Test
    void certificates_areAmazonRoots_validForFiveYears_onePerRegion() throws Exception {
        Collection<X509Certificate> roots;
        try (InputStream pem = Files.newInputStream(FILE)) {
            @SuppressWarnings("unchecked") // of a factory of X.509
            Collection<X509Certificate> read = (Collection<X509Certificate>)
                    CertificateFactory.getInstance("X.509").generateCertificates(pem);
            roots = read;
        }

        assertThat(roots).hasSize((int) Files.readAllLines(FILE).stream()
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
}
