package dev.steptrail.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.steptrail.aws.Settings;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseUrlTest {
    private static final String CHECKED = "sslmode=verify-full";
    private static final String JAVAS = "&sslfactory=org.postgresql.ssl.DefaultJavaSSLFactory";

    @ParameterizedTest
    @CsvSource({
        "jdbc:postgresql://db.example.com/trail, ?" + CHECKED + JAVAS,
        "jdbc:postgresql://db.example.com:6543/trail?connectTimeout=3, &" + CHECKED + JAVAS,
        "jdbc:postgresql://db.example.com/trail?sslrootcert=/opt/rds.pem, &" + CHECKED,
        "'jdbc:postgresql://127.0.0.1:5432,db.example.com/trail', ?" + CHECKED + JAVAS,
        "jdbc:postgresql://localhost.example.com/trail, ?" + CHECKED + JAVAS,
    })
    void remoteServer_requiresAVerifiedCertificate(String url, String added) {
        assertThat(of(url)).isEqualTo(url + added);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jdbc:postgresql://127.0.0.1:5432/trail",
                "jdbc:postgresql://localhost/trail",
                "jdbc:postgresql://[::1]:5432/trail",
                "jdbc:postgresql:trail",
                "jdbc:postgresql://db.example.com/trail?sslmode=require",
                "jdbc:postgresql://db.example.com/trail?ApplicationName=a&sslmode=disable",
            })
    void localServerOrUrlWithTlsSettings_isUnchanged(String url) {
        assertThat(of(url)).isEqualTo(url);
    }

    @Test
    void invalidUrl_namesTheSetting() {
        assertThatThrownBy(() -> of("jdbc:postgresql://db.example.com:x/trail"))
                .hasMessage("STEPTRAIL_DATABASE_URL: must be like jdbc:postgresql://host:5432/database");
        assertThatThrownBy(() -> of("postgresql://db.example.com/trail"))
                .hasMessage("STEPTRAIL_DATABASE_URL: must start with jdbc:postgresql:");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jdbc:postgresql://db.example.com/trail?user=postgres",
                "jdbc:postgresql://db.example.com/trail?sslmode=require&PASSWORD=swordfish",
                "jdbc:postgresql://db.example.com/trail?%70assword=swordfish",
                "jdbc:postgresql://db.example.com/trail?sslpassword=swordfish",
                "jdbc:postgresql://postgres:swordfish@db.example.com/trail",
            })
    void urlWithCredentials_isRefused_andNotRepeated(String url) {
        assertThatThrownBy(() -> of(url))
                .hasMessageStartingWith("STEPTRAIL_DATABASE_URL: must not contain a user or a password")
                .hasMessageNotContaining("swordfish")
                .hasMessageNotContaining("example");
    }

    private static String of(String url) {
        return new DatabaseLogin(new Settings(Map.of(
                        "STEPTRAIL_DATABASE_URL", url,
                        "STEPTRAIL_DATABASE_USER", "trail",
                        "STEPTRAIL_DATABASE_PASSWORD", "secret")))
                .url();
    }
}
