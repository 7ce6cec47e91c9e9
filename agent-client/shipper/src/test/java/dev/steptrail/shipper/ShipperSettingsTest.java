package dev.steptrail.shipper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.steptrail.shipper.internal.screenshot.WebpSettings;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ShipperSettingsTest {
    private static final Map<String, String> GOOD = Map.of(
            "STEPTRAIL_QUEUE_URL", "https://sqs.eu-west-1.amazonaws.com/1/steps",
            "STEPTRAIL_BUCKET", "screenshots",
            "AWS_REGION", "eu-west-1",
            "AWS_ACCESS_KEY_ID", "key",
            "AWS_SECRET_ACCESS_KEY", "secret");

    @Test
    void settings_areRead() {
        ShipperSettings settings = ShipperSettings.from(GOOD);

        assertThat(settings.queueUrl()).isEqualTo(GOOD.get("STEPTRAIL_QUEUE_URL"));
        assertThat(settings.bucket()).isEqualTo("screenshots");
        assertThat(settings.get("STEPTRAIL_SENDER")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "STEPTRAIL_QUEUE_URL||STEPTRAIL_QUEUE_URL is not set: set it to the URL of the steps queue (local"
                        + " cloud: set -a; . .steptrail/local.env; set +a)",
                "STEPTRAIL_BUCKET|\" \"|STEPTRAIL_BUCKET is not set: set it to the name of the screenshot bucket (local"
                        + " cloud: set -a; . .steptrail/local.env; set +a)",
                "STEPTRAIL_QUEUE_URL|steps|STEPTRAIL_QUEUE_URL is not a valid URL: 'steps' (expected"
                        + " https://host/path)",
                "STEPTRAIL_QUEUE_URL|ht tp|STEPTRAIL_QUEUE_URL is not a valid URL: 'ht tp' (expected"
                        + " https://host/path)",
                "STEPTRAIL_QUEUE_URL|ht tp://a:b@c|STEPTRAIL_QUEUE_URL is not a valid URL (expected"
                        + " https://host/path)",
                "AWS_ENDPOINT_URL|localhost|AWS_ENDPOINT_URL is not a valid URL: 'localhost' (expected"
                        + " https://host/path)",
                "AWS_ENDPOINT_URL_S3|http://h:0|AWS_ENDPOINT_URL_S3 is not a valid URL: 'http://h:0' (expected a port"
                        + " from 1 to 65535)",
                "AWS_ENDPOINT_URL_S3|http://h:65536|AWS_ENDPOINT_URL_S3 is not a valid URL: 'http://h:65536' (expected"
                        + " a port from 1 to 65535)",
                "STEPTRAIL_BUCKET|s3://shots|STEPTRAIL_BUCKET is not a bucket name: 's3://shots' (expected letters,"
                        + " digits, dots, hyphens and underscores; neither an ARN nor a URL)",
                "STEPTRAIL_BUCKET|https://a:b@host/shots|STEPTRAIL_BUCKET is not a bucket name (expected letters,"
                        + " digits, dots, hyphens and underscores; neither an ARN nor a URL)",
                "AWS_SECRET_ACCESS_KEY||AWS_SECRET_ACCESS_KEY is not set, but AWS_ACCESS_KEY_ID is: set both or"
                        + " neither",
                "AWS_ACCESS_KEY_ID||AWS_ACCESS_KEY_ID is not set, but AWS_SECRET_ACCESS_KEY is: set both or neither",
                "STEPTRAIL_WEBP_QUALITY|101|STEPTRAIL_WEBP_QUALITY must be a whole number from 0 to 100, but is 101",
                "STEPTRAIL_WEBP_QUALITY|good|STEPTRAIL_WEBP_QUALITY is not a whole number: 'good'",
                "STEPTRAIL_WEBP_METHOD|7|STEPTRAIL_WEBP_METHOD must be a whole number from 0 to 6, but is 7",
                "STEPTRAIL_WEBP_PROCESSES|0|STEPTRAIL_WEBP_PROCESSES must be a whole number from 1 to 64, but is 0"
            })
    void missingOrInvalidSetting_isNamed(String name, String value, String message) {
        assertRejected(name, value == null ? "" : value, message);
    }

    private static void assertRejected(String name, String value, String message) {
        assertThatThrownBy(() -> ShipperSettings.from(with(name, value)))
                .isInstanceOf(SettingsException.class)
                .hasMessage(message);
    }

    private static Map<String, String> with(String name, String value) {
        Map<String, String> environment = new HashMap<>(GOOD);
        environment.put(name, value);
        return environment;
    }

    @Test
    void encoderSettings_areRead_andHaveDefaults() {
        Map<String, String> environment = new HashMap<>(GOOD);
        assertThat(ShipperSettings.from(environment).webp()).isEqualTo(WebpSettings.DEFAULT);

        environment.put("STEPTRAIL_WEBP_QUALITY", "60");
        environment.put("STEPTRAIL_WEBP_METHOD", "6");
        environment.put("STEPTRAIL_WEBP_PROCESSES", "3");
        assertThat(ShipperSettings.from(environment).webp()).isEqualTo(new WebpSettings(60, 6, 3));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "local",
                "123456789012",
                "AIDAEXAMPLE",
                "AROAEXAMPLE:i-0123456789abcdef0",
                "AROAEXAMPLE:some.one+lab=1,2@example.org"
            })
    void awsUserid_isAccepted(String sender) {
        assertThat(ShipperSettings.from(with("STEPTRAIL_SENDER", sender)).sender())
                .contains(sender);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../x",
                "..",
                "a/b",
                "a\\b",
                "a\nb",
                "local ",
                "a:b:c",
                ":session",
                "AROAEXAMPLE:",
                "a\u0000",
                "arn:aws:iam::1:user/x"
            })
    void invalidSender_isNamed(String sender) {
        assertRejected(
                "STEPTRAIL_SENDER",
                sender,
                "STEPTRAIL_SENDER is not an aws:userid: '" + sender.replaceAll("\\p{Cntrl}", "?")
                        + "' (expected the UserId that aws sts get-caller-identity prints, such as AIDAEXAMPLE or"
                        + " AROAEXAMPLE:session)");
    }

    @ParameterizedTest
    @CsvSource({
        "STEPTRAIL_QUEUE_URL, https://user:SECRET@host/1/steps",
        "STEPTRAIL_QUEUE_URL, https://SECRET@host/1/steps",
        "AWS_ENDPOINT_URL, http://user:SECRET@host",
        "AWS_ENDPOINT_URL_S3, http://user:SECRET@host:9000",
        "AWS_ENDPOINT_URL_SQS, http://user:SECRET@host_name",
        "AWS_ENDPOINT_URL_STS, http://:SECRET@host"
    })
    void urlWithPassword_isRejectedWithoutQuotingIt(String name, String value) {
        assertRejected(
                name,
                value,
                name + " contains a user name or password: remove it, because requests are signed"
                        + " with AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY");
    }
}
