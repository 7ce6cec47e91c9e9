package dev.steptrail.shipper;

import java.net.UnknownHostException;
import java.util.Optional;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;

/** Converts an AWS error to an exception whose one-line message names the wrong setting and says what to do. */
final class AwsErrors {
    private static final String STS = "STS";
    private static final int MAX_CODE_LENGTH = 100;
    private static final int MAX_REASON_LENGTH = 500;

    private AwsErrors() {}

    /** A service, with the messages for a missing resource and for denied access. */
    private record Service(String name, ShipProblem missingProblem, String missing, String denied) {
        String endpoint() {
            return "AWS_ENDPOINT_URL_" + name;
        }
    }

    static ShipException forBucket(SdkException e, ShipperSettings settings) {
        String bucket = settings.bucket();
        return toShipException(
                e,
                new Service(
                        "S3",
                        ShipProblem.BUCKET,
                        "STEPTRAIL_BUCKET: the bucket " + bucket + " does not exist",
                        "S3 denied access to " + bucket + ": the agent's policy must allow s3:PutObject"
                                + " under screenshots/${aws:userid}/, and STEPTRAIL_SENDER must be that id"));
    }

    static ShipException forQueue(SdkException e, ShipperSettings settings) {
        String queue = settings.queueUrl();
        return toShipException(
                e,
                new Service(
                        "SQS",
                        ShipProblem.QUEUE,
                        "STEPTRAIL_QUEUE_URL: the queue " + queue + " does not exist",
                        "SQS denied access to " + queue + ": the agent's policy must allow sqs:SendMessage on it"));
    }

    static ShipException forIdentity(SdkException e) {
        return toShipException(
                e,
                new Service(
                        STS,
                        ShipProblem.CREDENTIALS,
                        "STEPTRAIL_SENDER is not set, and STS found no identity for these credentials",
                        "STEPTRAIL_SENDER is not set, and STS denied GetCallerIdentity"));
    }

    /** Returns the error for a response without the service's mandatory fields, such as the login page of a proxy. */
    static SdkException invalidResponse(String service) {
        return SdkClientException.create("the response is not from " + service);
    }

    /** Returns whether SQS rejected a message because of its characters or its length. */
    static boolean isContentRejection(AwsServiceException e) {
        String message = message(e);
        return switch (code(e).replaceAll("Exception$", "")) {
            case "InvalidMessageContents", "BatchRequestTooLong", "AWS.SimpleQueueService.BatchRequestTooLong" -> true;
            case "InvalidParameterValue" -> message.contains("must be shorter than");
            case "InvalidAttributeValue" -> // ElasticMQ
                message.contains("MessageTooLong") || message.contains("InvalidMessageContents");
            default -> false;
        };
    }

    /** Returns whether S3 rejected content that does not match its {@code Content-MD5}. */
    static boolean isBadDigest(AwsServiceException e) {
        return code(e).equals("BadDigest");
    }

    private static ShipException toShipException(SdkException e, Service service) {
        if (e instanceof AwsClients.NoCredentialsException) {
            String message = firstLine(e).contains("Unable to load credentials")
                    ? "No AWS credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or sign in with a profile"
                    : "Failed to load AWS credentials: sign in again (" + firstLine(e) + ")";
            return new ShipException(ShipProblem.CREDENTIALS, "", message, e);
        }
        String name = service.name();
        if (e instanceof AwsServiceException error) {
            Diagnosis diagnosis = diagnose(error, code(error), service);
            return new ShipException(diagnosis.problem(), name + " " + code(error), diagnosis.message(), e);
        }
        return new ShipException(
                ShipProblem.UNREACHABLE,
                name,
                name + " cannot be reached (" + connectionProblem(e) + "): check the network and " + service.endpoint()
                        + (name.equals(STS) ? ", or set STEPTRAIL_SENDER" : ""),
                e);
    }

    /** Returns why a service cannot be reached. The SDK's message for an unknown host does not contain the host. */
    private static String connectionProblem(SdkException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnknownHostException unknown && unknown.getMessage() != null) {
                String host = unknown.getMessage().replaceFirst(":.*", ""); // the resolver's reason may follow
                return "the host " + PrintableText.toOneLine(host, MAX_REASON_LENGTH) + " is unknown";
            }
        }
        return firstLine(e);
    }

    private record Diagnosis(ShipProblem problem, String message) {}

    private static Diagnosis diagnose(AwsServiceException e, String code, Service service) {
        String name = service.name();
        boolean isKmsError = code.startsWith("KMS.") || code.startsWith("Kms");
        if (e.isThrottlingException() || (isKmsError && code.contains("Thrott")) || code.equals("OverLimit")) {
            return new Diagnosis(
                    ShipProblem.THROTTLED,
                    name + " throttles requests (" + code + "): the shipper retries with back-off; if this persists,"
                            + " request a quota increase from AWS");
        }
        if (isClockSkewError(e)) {
            return new Diagnosis(
                    ShipProblem.CLOCK,
                    "This machine's clock is wrong (" + name
                            + " rejected the time of the request): synchronize it by NTP");
        }
        return switch (code) {
            case "SignatureDoesNotMatch", "InvalidSignatureException" ->
                new Diagnosis(
                        ShipProblem.CREDENTIALS,
                        "AWS_SECRET_ACCESS_KEY does not match AWS_ACCESS_KEY_ID (" + name
                                + " rejected the signature): set both to the same access key");
            case "InvalidAccessKeyId",
                    "InvalidClientTokenId",
                    "UnrecognizedClientException",
                    "MissingAuthenticationToken" ->
                new Diagnosis(
                        ShipProblem.CREDENTIALS,
                        "AWS_ACCESS_KEY_ID is not a valid access key (rejected by " + name + ")");
            case "InvalidToken" ->
                new Diagnosis(
                        ShipProblem.CREDENTIALS,
                        "AWS_SESSION_TOKEN is not valid (rejected by " + name + "): sign in again");
            case "ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired" ->
                new Diagnosis(ShipProblem.CREDENTIALS, "AWS_SESSION_TOKEN has expired: sign in again");
            case "NoSuchBucket", "QueueDoesNotExist", "AWS.SimpleQueueService.NonExistentQueue" ->
                new Diagnosis(service.missingProblem(), service.missing());
            case "AccessDenied", "AccessDeniedException" -> new Diagnosis(ShipProblem.PERMISSION, service.denied());
            case "AuthorizationHeaderMalformed", "PermanentRedirect", "TemporaryRedirect" ->
                new Diagnosis(
                        ShipProblem.OTHER,
                        "AWS_REGION is not the region of the bucket or queue (" + name + ": " + code + ")");
            case "" ->
                new Diagnosis(
                        ShipProblem.OTHER,
                        name + ": HTTP status " + e.statusCode() + " without an AWS error code: check "
                                + service.endpoint() + " and any HTTP proxy");
            default ->
                isKmsError
                        ? new Diagnosis(
                                ShipProblem.PERMISSION,
                                name + " cannot use its KMS key (" + code + "): the agent's policy must allow"
                                        + " kms:GenerateDataKey and kms:Decrypt on it")
                        : new Diagnosis(ShipProblem.OTHER, name + ": " + code + ": " + message(e));
        };
    }

    /** The SDK compares the clock with the {@code Date} header. Without it, only the message shows the cause. */
    private static boolean isClockSkewError(AwsServiceException e) {
        return e.isClockSkewException()
                || (code(e).contains("Signature")
                        && (message(e).contains("Signature expired")
                                || message(e).contains("Signature not yet current")));
    }

    /** Returns the error code without a namespace; empty if the response has none. */
    private static String code(AwsServiceException e) {
        String code = Optional.ofNullable(e.awsErrorDetails())
                .map(AwsErrorDetails::errorCode)
                .orElse("");
        return PrintableText.toOneLine(code.substring(code.indexOf('#') + 1), MAX_CODE_LENGTH);
    }

    private static String message(AwsServiceException e) {
        return PrintableText.toOneLine(
                Optional.ofNullable(e.awsErrorDetails())
                        .map(AwsErrorDetails::errorMessage)
                        .orElse(""),
                MAX_REASON_LENGTH);
    }

    private static String firstLine(SdkException e) {
        String line = String.valueOf(e.getMessage())
                .lines()
                .findFirst()
                .orElse(e.getClass().getSimpleName());
        return PrintableText.toOneLine(line, MAX_REASON_LENGTH);
    }
}
