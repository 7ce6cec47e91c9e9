package dev.steptrail.shipper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.shipper.aws.AwsRefusal;
import java.io.IOException;
import java.net.UnknownHostException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AwsErrorsTest {
    private static final ShipperSettings SETTINGS =
            ShipperSettings.from(Map.of("STEPTRAIL_QUEUE_URL", "https://host/1/steps", "STEPTRAIL_BUCKET", "shots"));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SignatureDoesNotMatch|AWS_SECRET_ACCESS_KEY: S3 refuses the signature, so the secret does not belong"
                        + " to AWS_ACCESS_KEY_ID",
                "InvalidAccessKeyId|AWS_ACCESS_KEY_ID: S3 does not know it",
                "ExpiredToken|AWS_SESSION_TOKEN: it has expired, sign in again",
                "RequestTimeTooSkewed|This machine's clock is wrong: S3 refuses the request's time",
                "NoSuchBucket|STEPTRAIL_BUCKET: the bucket shots does not exist",
                "AccessDenied|S3 refuses to store screenshots in shots: the agent's policy must allow s3:PutObject"
                        + " under screenshots/${aws:userid}/, and STEPTRAIL_SENDER must be that id",
                "SlowDown|S3 is throttling (SlowDown): it is tried more and more seldom; if this stays, ask AWS for a higher"
                        + " limit",
                "KMS.DisabledException|S3 cannot use its key (KMS.DisabledException): the agent's policy must allow"
                        + " kms:GenerateDataKey and kms:Decrypt on it",
                "InternalError|S3: InternalError: told by S3"
            })
    void aRefusalOfS3_isToldByTheSettingToMend(String code, String message) {
        assertThat(AwsErrors.ofBucket(new AwsRefusal(403, code, "told by S3"), SETTINGS))
                .hasMessage(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "AWS.SimpleQueueService.NonExistentQueue|STEPTRAIL_QUEUE_URL: the queue https://host/1/steps does not"
                        + " exist",
                "QueueDoesNotExist|STEPTRAIL_QUEUE_URL: the queue https://host/1/steps does not exist",
                "AccessDeniedException|SQS refuses messages for https://host/1/steps: the agent's policy must allow"
                        + " sqs:SendMessage on it",
                "InvalidClientTokenId|AWS_ACCESS_KEY_ID: SQS does not know it"
            })
    void aRefusalOfSqs_isToldByTheSettingToMend(String code, String message) {
        assertThat(AwsErrors.ofQueue(new AwsRefusal(400, code, ""), SETTINGS)).hasMessage(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "InvalidMessageContents|Invalid characters found|true",
                "InvalidParameterValue|One or more parameters are invalid. Reason: Message must be shorter than 1024"
                        + " bytes.|true",
                "InvalidParameterValue|Value for parameter QueueUrl is invalid|false",
                "InvalidMessageContentsException|Invalid characters found|true",
                "AccessDenied|must be shorter than|false"
            })
    void aRefusalOfOneMessage_isToldFromOneOfTheQueue(String code, String message, boolean ofContent) {
        assertThat(AwsErrors.isOfContent(new AwsRefusal(400, code, message))).isEqualTo(ofContent);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SignatureDoesNotMatch|The request signature we calculated does not match|CREDENTIALS",
                "SignatureDoesNotMatch|Signature expired: 20250101T000000Z is now earlier than 20250101T001000Z|CLOCK",
                "InvalidSignatureException|Signature not yet current: 20250101T002000Z is still later|CLOCK",
                "RequestTimeTooSkewed|The difference between the request time and the current time is too large|CLOCK",
                "RequestExpired|x|CLOCK",
                "ExpiredToken|x|CREDENTIALS",
                "InvalidToken|x|CREDENTIALS",
                "ThrottlingException|Rate exceeded|THROTTLED",
                "RequestThrottled|x|THROTTLED",
                "SlowDown|Please reduce your request rate.|THROTTLED",
                "KmsThrottled|x|THROTTLED",
                "QueueDoesNotExist|x|QUEUE",
                "AccessDenied|x|PERMISSION",
                "KMS.AccessDeniedException|x|PERMISSION",
                "ServiceUnavailable|x|OTHER"
            })
    void whatKindOfProblemItIs_isToldToPrograms(String code, String message, ShipProblem problem) {
        ShipException told = AwsErrors.ofQueue(new AwsRefusal(400, code, message), SETTINGS);

        assertThat(told.problem()).isEqualTo(problem);
        if (problem == ShipProblem.CLOCK) {
            assertThat(told).hasMessage("This machine's clock is wrong: SQS refuses the request's time");
        }
    }

    @Test
    void aServiceThatCannotBeReached_isToldByItsEndpoint() {
        IOException e = new UnknownHostException("nowhere");

        assertThat(AwsErrors.ofQueue(e, SETTINGS))
                .hasMessage("SQS cannot be reached (nowhere): check the network and AWS_ENDPOINT_URL_SQS")
                .hasCause(e);
        assertThat(AwsErrors.ofIdentity(e)).hasMessageContaining("AWS_ENDPOINT_URL_STS");
    }

    @Test
    void aRefusalThatIsNotOfAws_isToldByItsStatus() {
        assertThat(AwsErrors.ofQueue(new AwsRefusal(502, "", ""), SETTINGS))
                .hasMessage(
                        "SQS: HTTP status 502 without one of its error codes: check AWS_ENDPOINT_URL_SQS, and what is"
                                + " on the way there");
    }

    @Test
    void aWrongRegion_isNamed() {
        assertThat(AwsErrors.ofBucket(new AwsRefusal(301, "PermanentRedirect", "elsewhere"), SETTINGS))
                .hasMessage("AWS_REGION: what is asked for is in another region (S3: PermanentRedirect)");
    }

    @Test
    void ofAFailedConnection_theFirstLineIsTold() {
        assertThat(AwsErrors.ofBucket(new IOException("one\ntwo"), SETTINGS))
                .hasMessage("S3 cannot be reached (one): check the network and AWS_ENDPOINT_URL_S3");
    }

    @Test
    void aProblemInOtherWords_isTheSame_andAnotherCodeIsNot() {
        assertThat(queueSays("InternalError", "at 10:00").key())
                .isEqualTo(queueSays("InternalError", "at 10:01").key());
        assertThat(queueSays("InternalError", "at 10:00").key())
                .isNotEqualTo(queueSays("Other", "at 10:00").key());
        assertThat(AwsErrors.ofQueue(new IOException("10.0.0.1"), SETTINGS).key())
                .isEqualTo(
                        AwsErrors.ofQueue(new IOException("10.0.0.2"), SETTINGS).key())
                .isNotEqualTo(AwsErrors.ofBucket(new IOException("10.0.0.1"), SETTINGS)
                        .key());
    }

    private static ShipException queueSays(String code, String message) {
        return AwsErrors.ofQueue(new AwsRefusal(500, code, message), SETTINGS);
    }
}
