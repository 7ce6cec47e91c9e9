package dev.steptrail.shipper;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.ConnectException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.SdkHttpResponse;

class AwsErrorsTest {
    private static final ShipperSettings SETTINGS =
            ShipperSettings.from(Map.of("STEPTRAIL_QUEUE_URL", "https://host/1/steps", "STEPTRAIL_BUCKET", "shots"));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SignatureDoesNotMatch|AWS_SECRET_ACCESS_KEY does not match AWS_ACCESS_KEY_ID (S3 rejected the"
                        + " signature): set both to the same access key",
                "InvalidAccessKeyId|AWS_ACCESS_KEY_ID is not a valid access key (rejected by S3)",
                "ExpiredToken|AWS_SESSION_TOKEN has expired: sign in again",
                "InvalidToken|AWS_SESSION_TOKEN is not valid (rejected by S3): sign in again",
                "RequestTimeTooSkewed|This machine's clock is wrong (S3 rejected the time of the request):"
                        + " synchronize it by NTP",
                "NoSuchBucket|STEPTRAIL_BUCKET: the bucket shots does not exist",
                "AccessDenied|S3 denied access to shots: the agent's policy must allow s3:PutObject"
                        + " under screenshots/${aws:userid}/, and STEPTRAIL_SENDER must be that id",
                "SlowDown|S3 throttles requests (SlowDown): the shipper retries with back-off; if this persists,"
                        + " request a quota increase from AWS",
                "KMS.DisabledException|S3 cannot use its KMS key (KMS.DisabledException): the agent's policy must allow"
                        + " kms:GenerateDataKey and kms:Decrypt on it",
                "PermanentRedirect|AWS_REGION is not the region of the bucket or queue (S3: PermanentRedirect)",
                "InternalError|S3: InternalError: said by S3"
            })
    void forBucket_errorCode_namesTheSettingToCorrect(String code, String message) {
        assertThat(AwsErrors.forBucket(error(403, code, "said by S3"), SETTINGS))
                .hasMessage(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "AWS.SimpleQueueService.NonExistentQueue|STEPTRAIL_QUEUE_URL: the queue https://host/1/steps does not"
                        + " exist",
                "QueueDoesNotExist|STEPTRAIL_QUEUE_URL: the queue https://host/1/steps does not exist",
                "AccessDeniedException|SQS denied access to https://host/1/steps: the agent's policy must allow"
                        + " sqs:SendMessage on it",
                "com.amazonaws.sqs#InvalidClientTokenId|AWS_ACCESS_KEY_ID is not a valid access key (rejected by SQS)"
            })
    void forQueue_errorCode_namesTheSettingToCorrect(String code, String message) {
        assertThat(AwsErrors.forQueue(error(400, code, ""), SETTINGS)).hasMessage(message);
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
    void isContentRejection_errorCode_distinguishesMessageFromQueue(String code, String message, boolean aboutContent) {
        assertThat(AwsErrors.isContentRejection(error(400, code, message))).isEqualTo(aboutContent);
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
                "OverLimit|x|THROTTLED",
                "KmsThrottled|x|THROTTLED",
                "KMS.ThrottlingException|x|THROTTLED",
                "QueueDoesNotExist|x|QUEUE",
                "AccessDenied|x|PERMISSION",
                "KMS.AccessDeniedException|x|PERMISSION",
                "ServiceUnavailable|x|OTHER"
            })
    void forQueue_errorCode_hasProblemKind(String code, String message, ShipProblem problem) {
        assertThat(AwsErrors.forQueue(error(400, code, message), SETTINGS).problem())
                .isEqualTo(problem);
    }

    @Test
    void forQueue_signatureRejectedForWrongClock_isClockProblem() {
        Instant twoHoursAgo = Instant.now().minus(Duration.ofHours(2));
        AwsServiceException e = error(403, "InvalidSignatureException", "does not match").toBuilder()
                .clockSkew(Duration.ZERO)
                .awsErrorDetails(AwsErrorDetails.builder()
                        .errorCode("InvalidSignatureException")
                        .sdkHttpResponse(SdkHttpResponse.builder()
                                .statusCode(403)
                                .putHeader(
                                        "Date",
                                        DateTimeFormatter.RFC_1123_DATE_TIME.format(twoHoursAgo.atZone(ZoneOffset.UTC)))
                                .build())
                        .build())
                .build();

        assertThat(AwsErrors.forQueue(e, SETTINGS))
                .hasMessage(
                        "This machine's clock is wrong (SQS rejected the time of the request): synchronize it by NTP")
                .extracting(ShipException::problem)
                .isEqualTo(ShipProblem.CLOCK);
    }

    @Test
    void connectionFailure_namesTheEndpoint() {
        SdkClientException e = SdkClientException.create("nowhere", new ConnectException("nowhere"));

        assertThat(AwsErrors.forQueue(e, SETTINGS))
                .hasMessage("SQS cannot be reached (nowhere): check the network and AWS_ENDPOINT_URL_SQS")
                .hasCause(e);
        assertThat(AwsErrors.forIdentity(e))
                .hasMessage("STS cannot be reached (nowhere): check the network and AWS_ENDPOINT_URL_STS, or set"
                        + " STEPTRAIL_SENDER");
        assertThat(AwsErrors.forBucket(SdkClientException.create("one\ntwo"), SETTINGS))
                .hasMessage("S3 cannot be reached (one): check the network and AWS_ENDPOINT_URL_S3");
    }

    /** The exception chain is that of the SDK. */
    @Test
    void unknownHost_messageContainsHost() {
        SdkClientException e = SdkClientException.create(
                "Received an UnknownHostException when attempting to interact with a service. See cause for the exact"
                        + " endpoint that is failing to resolve.",
                new UnknownHostException("nohost.invalid: Name or service not known"));

        assertThat(AwsErrors.forBucket(e, SETTINGS))
                .hasMessage("S3 cannot be reached (the host nohost.invalid is unknown): check the network and"
                        + " AWS_ENDPOINT_URL_S3");
        assertThat(AwsErrors.forIdentity(e))
                .hasMessage("STS cannot be reached (the host nohost.invalid is unknown): check the network and"
                        + " AWS_ENDPOINT_URL_STS, or set STEPTRAIL_SENDER");
    }

    @Test
    void errorWithoutCode_messageContainsStatus() {
        assertThat(AwsErrors.forQueue(error(502, null, null), SETTINGS))
                .hasMessage("SQS: HTTP status 502 without an AWS error code: check AWS_ENDPOINT_URL_SQS and any HTTP"
                        + " proxy");
    }

    @Test
    void longError_isTruncatedToOneLine() {
        assertThat(AwsErrors.forQueue(error(400, "C".repeat(10_000), "one\ntwo" + "x".repeat(1_000_000)), SETTINGS))
                .message()
                .startsWith("SQS: CCC")
                .contains("…: one?two")
                .hasSizeLessThan(700);
    }

    @Test
    void credentialsThatCannotBeLoaded_messageSaysSo() {
        assertThat(AwsErrors.forBucket(
                        new AwsClients.NoCredentialsException(
                                new IllegalStateException("Unable to load credentials from any")),
                        SETTINGS))
                .hasMessage("No AWS credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or sign in with a"
                        + " profile");
        assertThat(AwsErrors.forBucket(
                        new AwsClients.NoCredentialsException(new IllegalStateException("The SSO session has expired")),
                        SETTINGS))
                .hasMessage("Failed to load AWS credentials: sign in again (The SSO session has expired)");
    }

    @Test
    void key_sameErrorWithDifferentMessage_isEqual() {
        assertThat(queueSays("InternalError", "at 10:00").key())
                .isEqualTo(queueSays("InternalError", "at 10:01").key())
                .isNotEqualTo(queueSays("Other", "at 10:00").key());
        assertThat(AwsErrors.forQueue(SdkClientException.create("10.0.0.1"), SETTINGS)
                        .key())
                .isEqualTo(AwsErrors.forQueue(SdkClientException.create("10.0.0.2"), SETTINGS)
                        .key())
                .isNotEqualTo(AwsErrors.forBucket(SdkClientException.create("10.0.0.1"), SETTINGS)
                        .key());
    }

    private static ShipException queueSays(String code, String message) {
        return AwsErrors.forQueue(error(500, code, message), SETTINGS);
    }

    private static AwsServiceException error(int status, @Nullable String code, @Nullable String message) {
        return AwsServiceException.builder()
                .statusCode(status)
                .awsErrorDetails(AwsErrorDetails.builder()
                        .errorCode(code)
                        .errorMessage(message)
                        .build())
                .build();
    }
}
