package dev.steptrail.shipper;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

/** Says in one line what an error of AWS means for whoever set the machine up, and which setting to look at. */
final class AwsErrors {
    private AwsErrors() {}

    static ShipException ofBucket(SdkException e, ShipperSettings settings) {
        String bucket = settings.bucket();
        return explained(
                e,
                "S3",
                "AWS_ENDPOINT_URL_S3",
                "STEPTRAIL_BUCKET: the bucket " + bucket + " does not exist",
                "S3 refuses to store screenshots in " + bucket + ": the agent's policy must allow s3:PutObject under"
                        + " screenshots/${aws:userid}/, and STEPTRAIL_SENDER must be that id");
    }

    static ShipException ofQueue(SdkException e, ShipperSettings settings) {
        String queue = settings.queueUrl();
        return explained(
                e,
                "SQS",
                "AWS_ENDPOINT_URL_SQS",
                "STEPTRAIL_QUEUE_URL: the queue " + queue + " does not exist",
                "SQS refuses messages for " + queue + ": the agent's policy must allow sqs:SendMessage on it");
    }

    static ShipException ofIdentity(SdkException e) {
        return explained(
                e,
                "STS",
                "AWS_ENDPOINT_URL_STS",
                "STEPTRAIL_SENDER is not set, and STS cannot be asked for it",
                "STEPTRAIL_SENDER is not set, and STS refuses to say it");
    }

    /** Whether a refusal is of the credentials, the clock or the bucket's name, and so holds for whatever is asked. */
    static boolean isOfSettings(AwsServiceException e) {
        return ofCredentials(code(e), "") != null || code(e).equals("NoSuchBucket");
    }

    /** Whether SQS refuses a message for its characters or its length; for the latter it has words and no code. */
    static boolean isOfContent(AwsServiceException e) {
        String text = String.valueOf(e.getMessage());
        return switch (code(e)) {
            case "InvalidMessageContents" -> true;
            case "InvalidParameterValue" -> text.contains("must be shorter than");
            case "InvalidAttributeValue" -> // ElasticMQ
                text.contains("MessageTooLong") || text.contains("InvalidMessageContents");
            default -> false;
        };
    }

    private static ShipException explained(
            SdkException e, String service, String endpoint, String missing, String forbidden) {
        if (e instanceof AwsServiceException refused && refused.awsErrorDetails() != null) {
            return new ShipException(refusal(refused, service, missing, forbidden), e);
        }
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof IOException) {
                return new ShipException(
                        service + " cannot be reached (" + cause.getMessage() + "): check the network and " + endpoint,
                        e);
            }
        }
        if (String.valueOf(e.getMessage()).contains("Unable to load credentials")) {
            return new ShipException(
                    "No AWS credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or sign in with a profile",
                    e);
        }
        return new ShipException(service + ": " + firstLine(e), e);
    }

    private static String refusal(AwsServiceException e, String service, String missing, String forbidden) {
        String ofCredentials = ofCredentials(code(e), service);
        if (ofCredentials != null) {
            return ofCredentials;
        }
        return switch (code(e)) {
            case "NoSuchBucket", "QueueDoesNotExist", "AWS.SimpleQueueService.NonExistentQueue" -> missing;
            case "AccessDenied", "AccessDeniedException" -> forbidden;
            default -> service + ": " + code(e) + ": " + firstLine(e);
        };
    }

    private static @Nullable String ofCredentials(String code, String service) {
        return switch (code) {
            case "SignatureDoesNotMatch" ->
                "AWS_SECRET_ACCESS_KEY: " + service
                        + " refuses the signature, so the secret does not belong to AWS_ACCESS_KEY_ID";
            case "InvalidAccessKeyId", "InvalidClientTokenId", "UnrecognizedClientException" ->
                "AWS_ACCESS_KEY_ID: " + service + " does not know it";
            case "ExpiredToken", "ExpiredTokenException" -> "AWS_SESSION_TOKEN: it has expired, sign in again";
            case "RequestTimeTooSkewed", "RequestExpired" ->
                "This machine's clock is wrong: " + service + " refuses the request's time";
            default -> null;
        };
    }

    private static String code(AwsServiceException e) {
        return e.awsErrorDetails() == null
                ? ""
                : String.valueOf(e.awsErrorDetails().errorCode());
    }

    private static String firstLine(SdkException e) {
        return String.valueOf(e.getMessage())
                .lines()
                .findFirst()
                .orElse(e.getClass().getSimpleName());
    }
}
