package dev.steptrail.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.steptrail.aws.ParameterException;
import dev.steptrail.aws.Settings;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseLoginTest {
    private static final String CHECKED = "sslmode=verify-full";
    private static final String JAVAS = "&sslfactory=org.postgresql.ssl.DefaultJavaSSLFactory";
    private static final Map<String, String> BY_ROLE = Map.of(
            "STEPTRAIL_DATABASE_URL", "jdbc:postgresql://trail.cluster-x.eu-central-1.rds.amazonaws.com:5433/steptrail",
            "STEPTRAIL_DATABASE_USER", "steptrail",
            "STEPTRAIL_DATABASE_AUTH", "iam",
            "AWS_REGION", "eu-central-1",
            "AWS_ACCESS_KEY_ID", "AKIDEXAMPLE",
            "AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG",
            "AWS_SESSION_TOKEN", "to+k/en==");

    private static Settings with(String name, String value) {
        Map<String, String> settings = new HashMap<>(BY_ROLE);
        settings.put(name, value);
        return new Settings(settings);
    }

    @ParameterizedTest
    @CsvSource({"steptrail,to+k/en==", "the app,to+k/en==", "steptrail,''"})
    void password_withIam_isATokenForThisUserAndHost(String user, String session) {
        Map<String, String> settings = new HashMap<>(BY_ROLE);
        settings.put("STEPTRAIL_DATABASE_USER", user);
        settings.put("AWS_SESSION_TOKEN", session);

        String token = new DatabaseLogin(new Settings(settings)).credentials().password();

        assertThat(token)
                .startsWith("trail.cluster-x.eu-central-1.rds.amazonaws.com:5433/?")
                .contains("Action=connect", "DBUser=" + user.replace(" ", "%20"), "X-Amz-Expires=900", "AKIDEXAMPLE");
        assertThat(token.contains("X-Amz-Security-Token=to%2Bk%2Fen%3D%3D")).isEqualTo(!session.isEmpty());
    }

    @Test
    void password_withoutIam_isTheConfiguredOne() {
        Map<String, String> settings = new HashMap<>(BY_ROLE);
        settings.remove("STEPTRAIL_DATABASE_AUTH");
        settings.put("STEPTRAIL_DATABASE_PASSWORD", "secret");

        assertThat(new DatabaseLogin(new Settings(settings)).credentials())
                .isEqualTo(new DatabaseLogin.Credentials("steptrail", "secret"));
    }

    @Test
    void missingOrInvalidSetting_isNamed() {
        assertThatThrownBy(() -> new DatabaseLogin(with("STEPTRAIL_DATABASE_AUTH", "")))
                .hasMessageStartingWith("STEPTRAIL_DATABASE_PASSWORD: is not set");
        assertThatThrownBy(() -> new DatabaseLogin(with("STEPTRAIL_DATABASE_AUTH", "kerberos")))
                .hasMessage("STEPTRAIL_DATABASE_AUTH: must be iam, parameter or password, not kerberos");
        assertThatThrownBy(() -> new DatabaseLogin(with("AWS_SECRET_ACCESS_KEY", "")))
                .hasMessageStartingWith("AWS_SECRET_ACCESS_KEY: is not set");
        assertThatThrownBy(() -> new DatabaseLogin(with("STEPTRAIL_DATABASE_AUTH", "parameter")))
                .hasMessageStartingWith("STEPTRAIL_DATABASE_LOGIN_PARAMETER: is not set");
        assertThatThrownBy(() -> new DatabaseLogin(with("STEPTRAIL_DATABASE_URL", "jdbc:postgresql://a,b/steptrail")))
                .hasMessage("STEPTRAIL_DATABASE_URL: must contain exactly one host if STEPTRAIL_DATABASE_AUTH is iam");
    }

    @Test
    void parse_ofTheFormattedCredentials_returnsThem() {
        DatabaseLogin.Credentials credentials = new DatabaseLogin.Credentials("dev_api.project", "p\"w\\");

        assertThat(DatabaseLogin.parse("/login", DatabaseLogin.format(credentials)))
                .isEqualTo(credentials);
        assertThat(credentials.toString()).isEqualTo("credentials of dev_api.project");
    }

    @ParameterizedTest
    @ValueSource(strings = {"swordfish", "{\"user\":\"swordfish\"}", "{\"password\":\"swordfish\"}", "[]", ""})
    void parse_ofAnotherValue_namesTheParameterWithoutTheValue(String value) {
        assertThatThrownBy(() -> DatabaseLogin.parse("/login", value))
                .isInstanceOf(ParameterException.class)
                .hasMessageStartingWith("the parameter '/login' must be JSON with \"user\" and \"password\"")
                .hasMessageNotContaining("swordfish")
                .hasNoCause();
    }

    @ParameterizedTest
    @CsvSource({
        "jdbc:postgresql://db.example.com/trail, ?" + CHECKED + JAVAS,
        "jdbc:postgresql://db.example.com:6543/trail?connectTimeout=3, &" + CHECKED + JAVAS,
        "jdbc:postgresql://db.example.com/trail?sslrootcert=/opt/rds.pem, &" + CHECKED,
        "'jdbc:postgresql://127.0.0.1:5432,db.example.com/trail', ?" + CHECKED + JAVAS,
        "jdbc:postgresql://localhost.example.com/trail, ?" + CHECKED + JAVAS,
    })
    void remoteServer_requiresAVerifiedCertificate(String url, String added) {
        assertThat(urlOf(url)).isEqualTo(url + added);
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
        assertThat(urlOf(url)).isEqualTo(url);
    }

    @Test
    void invalidUrl_namesTheSetting() {
        assertThatThrownBy(() -> urlOf("jdbc:postgresql://db.example.com:x/trail"))
                .hasMessage("STEPTRAIL_DATABASE_URL: must be like jdbc:postgresql://host:5432/database");
        assertThatThrownBy(() -> urlOf("postgresql://db.example.com/trail"))
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
        assertThatThrownBy(() -> urlOf(url))
                .hasMessageStartingWith("STEPTRAIL_DATABASE_URL: must not contain a user or a password")
                .hasMessageNotContaining("swordfish")
                .hasMessageNotContaining("example");
    }

    private static String urlOf(String url) {
        return new DatabaseLogin(new Settings(Map.of(
                        "STEPTRAIL_DATABASE_URL", url,
                        "STEPTRAIL_DATABASE_USER", "trail",
                        "STEPTRAIL_DATABASE_PASSWORD", "secret")))
                .url();
    }
}
