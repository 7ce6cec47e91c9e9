package dev.steptrail.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.steptrail.aws.Settings;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.rds.RdsUtilities;

class DatabaseLoginTest {
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
    void ofARole_thePasswordIsTheTokenThatTheSdkMakes(String user, String session) {
        Map<String, String> settings = new HashMap<>(BY_ROLE);
        settings.put("STEPTRAIL_DATABASE_USER", user);
        settings.put("AWS_SESSION_TOKEN", session);
        AwsBasicCredentials basic = AwsBasicCredentials.create("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG");
        String theirs = RdsUtilities.builder()
                .region(Region.EU_CENTRAL_1)
                .credentialsProvider(StaticCredentialsProvider.create(
                        session.isEmpty()
                                ? basic
                                : AwsSessionCredentials.create(basic.accessKeyId(), basic.secretAccessKey(), session)))
                .build()
                .generateAuthenticationToken(token -> token.hostname("trail.cluster-x.eu-central-1.rds.amazonaws.com")
                        .port(5433)
                        .username(user));
        String time = theirs.replaceFirst(
                ".*X-Amz-Date=(\\d{4})(\\d\\d)(\\d\\d)T(\\d\\d)(\\d\\d)(\\d\\d)Z.*", "$1-$2-$3T$4:$5:$6Z");

        String ours =
                new DatabaseLogin(new Settings(settings), Clock.fixed(Instant.parse(time), ZoneOffset.UTC)).password();

        assertThat(ours.split("[?&]")).containsExactlyInAnyOrder(theirs.split("[?&]"));
    }

    @Test
    void byAPassword_itIsTheGivenOne() {
        Map<String, String> settings = new HashMap<>(BY_ROLE);
        settings.remove("STEPTRAIL_DATABASE_AUTH");
        settings.put("STEPTRAIL_DATABASE_PASSWORD", "secret");

        assertThat(new DatabaseLogin(new Settings(settings)).password()).isEqualTo("secret");
    }

    @Test
    void whatIsMissingOrWrong_isNamed() {
        assertThatThrownBy(() -> new DatabaseLogin(with("STEPTRAIL_DATABASE_AUTH", "")))
                .hasMessageStartingWith("STEPTRAIL_DATABASE_PASSWORD: is not set");
        assertThatThrownBy(() -> new DatabaseLogin(with("STEPTRAIL_DATABASE_AUTH", "kerberos")))
                .hasMessage("STEPTRAIL_DATABASE_AUTH: must be password or iam, not kerberos");
        assertThatThrownBy(() -> new DatabaseLogin(with("AWS_SECRET_ACCESS_KEY", "")))
                .hasMessageStartingWith("AWS_SECRET_ACCESS_KEY: is not set");
        assertThatThrownBy(() -> new DatabaseLogin(with("STEPTRAIL_DATABASE_URL", "jdbc:postgresql://a,b/steptrail")))
                .hasMessage("STEPTRAIL_DATABASE_URL: must name one host where STEPTRAIL_DATABASE_AUTH is iam");
    }
}
