package dev.steptrail.shipper;

import java.io.IOException;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sqs.model.BatchResultErrorEntry;
import software.amazon.awssdk.services.sqs.model.SqsException;

/** Says in one line what an error of AWS means for whoever set the machine up, and which setting to look at. */
final class AwsErrors {
    private AwsErrors() {}

    /** What can be told of one service alone. */
    private record Service(String name, String endpoint, ShipProblem missingOf, String missing, String forbidden) {}

    static ShipException ofBucket(SdkException e, ShipperSettings settings) {
        String bucket = settings.bucket();
        return explained(
                e,
                new Service(
                        "S3",
                        "AWS_ENDPOINT_URL_S3",
                        ShipProblem.BUCKET,
                        "STEPTRAIL_BUCKET: the bucket " + bucket + " does not exist",
                        "S3 refuses to store screenshots in " + bucket + ": the agent's policy must allow s3:PutObject"
                                + " under screenshots/${aws:userid}/, and STEPTRAIL_SENDER must be that id"));
    }

    static ShipException ofQueue(SdkException e, ShipperSettings settings) {
        String queue = settings.queueUrl();
        return explained(
                e,
                new Service(
                        "SQS",
                        "AWS_ENDPOINT_URL_SQS",
                        ShipProblem.QUEUE,
                        "STEPTRAIL_QUEUE_URL: the queue " + queue + " does not exist",
                        "SQS refuses messages for " + queue + ": the agent's policy must allow sqs:SendMessage on it"));
    }

    static ShipException ofIdentity(SdkException e) {
        return explained(
                e,
                new Service(
                        "STS",
                        "AWS_ENDPOINT_URL_STS",
                        ShipProblem.CREDENTIALS,
                        "STEPTRAIL_SENDER is not set, and STS cannot be asked for it",
                        "STEPTRAIL_SENDER is not set, and STS refuses to say it"));
    }

    /** The refusal of one message of a request, as if it had been sent alone. */
    static SqsException ofEntry(BatchResultErrorEntry failed) {
        AwsErrorDetails details = AwsErrorDetails.builder()
                .serviceName("Sqs")
                .errorCode(failed.code())
                .errorMessage(failed.message())
                .build();
        return (SqsException) SqsException.builder()
                .awsErrorDetails(details)
                .message(failed.message())
                .build();
    }

    /** Whether a refusal is of the credentials, the clock or the bucket's name, and so holds for whatever is asked. */
    static boolean isOfSettings(AwsServiceException e) {
        return switch (problem(e, ShipProblem.BUCKET)) {
            case CREDENTIALS, CLOCK, BUCKET -> true;
            default -> false;
        };
    }

    /** Whether SQS refuses a message for its characters or its length; for the latter it has words and no code. */
    static boolean isOfContent(AwsServiceException e) {
        String text = String.valueOf(e.getMessage());
        return switch (code(e)) {
            case "InvalidMessageContents", "BatchRequestTooLong", "AWS.SimpleQueueService.BatchRequestTooLong" -> true;
            case "InvalidParameterValue" -> text.contains("must be shorter than");
            case "InvalidAttributeValue" -> // ElasticMQ
                text.contains("MessageTooLong") || text.contains("InvalidMessageContents");
            default -> false;
        };
    }

    private static ShipException explained(SdkException e, Service service) {
        if (e instanceof AwsServiceException refused && refused.awsErrorDetails() != null) {
            ShipProblem problem = problem(refused, service.missingOf());
            return new ShipException(problem, refusal(refused, problem, service), e);
        }
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof IOException) {
                return new ShipException(
                        ShipProblem.UNREACHABLE,
                        service.name() + " cannot be reached (" + cause.getMessage() + "): check the network and "
                                + service.endpoint(),
                        e);
            }
        }
        if (String.valueOf(e.getMessage()).contains("Unable to load credentials")) {
            return new ShipException(
                    ShipProblem.CREDENTIALS,
                    "No AWS credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or sign in with a profile",
                    e);
        }
        return new ShipException(ShipProblem.OTHER, service.name() + ": " + firstLine(e), e);
    }

    private static ShipProblem problem(AwsServiceException e, ShipProblem missing) {
        if (e.isThrottlingException()) {
            return ShipProblem.THROTTLED;
        }
        String code = code(e);
        return switch (code) {
            case "SlowDown", "RequestThrottled", "OverLimit", "KmsThrottled", "KMS.ThrottlingException" ->
                ShipProblem.THROTTLED;
            case "RequestTimeTooSkewed", "RequestExpired", "RequestInTheFuture" -> ShipProblem.CLOCK;
            // Where the signature has a time limit of its own, a wrong clock is told as a wrong signature.
            case "SignatureDoesNotMatch", "InvalidSignatureException" ->
                String.valueOf(e.getMessage()).contains("Signature expired")
                                || String.valueOf(e.getMessage()).contains("Signature not yet current")
                        ? ShipProblem.CLOCK
                        : ShipProblem.CREDENTIALS;
            case "InvalidAccessKeyId",
                    "InvalidClientTokenId",
                    "UnrecognizedClientException",
                    "ExpiredToken",
                    "ExpiredTokenException" -> ShipProblem.CREDENTIALS;
            case "NoSuchBucket", "QueueDoesNotExist", "AWS.SimpleQueueService.NonExistentQueue" -> missing;
            case "AccessDenied", "AccessDeniedException" -> ShipProblem.PERMISSION;
            default -> code.startsWith("KMS.") || code.startsWith("Kms") ? ShipProblem.PERMISSION : ShipProblem.OTHER;
        };
    }

    private static String refusal(AwsServiceException e, ShipProblem problem, Service service) {
        String code = code(e);
        return switch (problem) {
            case CREDENTIALS -> ofCredentials(code, service.name());
            case CLOCK -> "This machine's clock is wrong: " + service.name() + " refuses the request's time";
            case THROTTLED ->
                service.name() + " is throttling (" + code + "): it is tried more and more seldom; if this stays, ask"
                        + " AWS for a higher limit";
            case PERMISSION ->
                code.startsWith("K")
                        ? service.name() + " cannot use its key (" + code + "): the agent's policy must allow"
                                + " kms:GenerateDataKey and kms:Decrypt on it"
                        : service.forbidden();
            case QUEUE, BUCKET -> service.missing();
            default -> // not the whole message, in which an id is new at each try
                service.name() + ": " + code + ": " + e.awsErrorDetails().errorMessage();
        };
    }

    private static String ofCredentials(String code, String service) {
        return switch (code) {
            case "SignatureDoesNotMatch", "InvalidSignatureException" ->
                "AWS_SECRET_ACCESS_KEY: " + service
                        + " refuses the signature, so the secret does not belong to AWS_ACCESS_KEY_ID";
            case "ExpiredToken", "ExpiredTokenException" -> "AWS_SESSION_TOKEN: it has expired, sign in again";
            default -> "AWS_ACCESS_KEY_ID: " + service + " does not know it";
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
