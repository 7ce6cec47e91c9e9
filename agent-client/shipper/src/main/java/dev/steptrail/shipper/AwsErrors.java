package dev.steptrail.shipper;

import dev.steptrail.shipper.aws.AwsRefusal;
import dev.steptrail.shipper.aws.AwsService;
import dev.steptrail.shipper.aws.NoCredentialsException;
import dev.steptrail.shipper.aws.ToldText;

/** Says in one line what an error of AWS means for whoever set the machine up, and which setting to look at. */
final class AwsErrors {
    private static final int LONGEST_REASON = 500;

    private AwsErrors() {}

    /** What can be told of one service alone. */
    private record Service(AwsService service, ShipProblem missingOf, String missing, String forbidden) {
        String name() {
            return service.name();
        }

        String endpoint() {
            return service.endpointVariable();
        }
    }

    static ShipException ofBucket(Exception e, ShipperSettings settings) {
        String bucket = settings.bucket();
        return explained(
                e,
                new Service(
                        AwsService.S3,
                        ShipProblem.BUCKET,
                        "STEPTRAIL_BUCKET: the bucket " + bucket + " does not exist",
                        "S3 refuses to store screenshots in " + bucket + ": the agent's policy must allow s3:PutObject"
                                + " under screenshots/${aws:userid}/, and STEPTRAIL_SENDER must be that id"));
    }

    static ShipException ofQueue(Exception e, ShipperSettings settings) {
        String queue = settings.queueUrl();
        return explained(
                e,
                new Service(
                        AwsService.SQS,
                        ShipProblem.QUEUE,
                        "STEPTRAIL_QUEUE_URL: the queue " + queue + " does not exist",
                        "SQS refuses messages for " + queue + ": the agent's policy must allow sqs:SendMessage on it"));
    }

    static ShipException ofIdentity(Exception e) {
        return explained(
                e,
                new Service(
                        AwsService.STS,
                        ShipProblem.CREDENTIALS,
                        "STEPTRAIL_SENDER is not set, and STS cannot be asked for it",
                        "STEPTRAIL_SENDER is not set, and STS refuses to say it"));
    }

    /** Whether a refusal is of the credentials, the clock or the bucket's name, and so holds for whatever is asked. */
    static boolean isOfSettings(AwsRefusal e) {
        return switch (problem(e, ShipProblem.BUCKET)) {
            case CREDENTIALS, CLOCK, BUCKET -> true;
            default -> false;
        };
    }

    /** Whether SQS refuses a message for its characters or its length; for the latter it has words and no code. */
    static boolean isOfContent(AwsRefusal e) {
        String text = e.told();
        return switch (e.code().replaceAll("Exception$", "")) {
            case "InvalidMessageContents", "BatchRequestTooLong", "AWS.SimpleQueueService.BatchRequestTooLong" -> true;
            case "InvalidParameterValue" -> text.contains("must be shorter than");
            case "InvalidAttributeValue" -> // ElasticMQ
                text.contains("MessageTooLong") || text.contains("InvalidMessageContents");
            default -> false;
        };
    }

    private static ShipException explained(Exception e, Service service) {
        if (e instanceof AwsRefusal refused) {
            ShipProblem problem = problem(refused, service.missingOf());
            return new ShipException(
                    problem, service.name() + " " + refused.code(), refusal(refused, problem, service), e);
        }
        if (e instanceof NoCredentialsException) {
            return new ShipException(ShipProblem.CREDENTIALS, "", ofNone(e), e);
        }
        return new ShipException(
                ShipProblem.UNREACHABLE,
                service.name(),
                service.name() + " cannot be reached (" + firstLine(e) + "): check the network and "
                        + service.endpoint(),
                e);
    }

    private static String ofNone(Exception e) {
        return firstLine(e).contains("Unable to load credentials")
                ? "No AWS credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or sign in with a profile"
                : "AWS credentials cannot be had: sign in again (" + firstLine(e) + ")";
    }

    private static ShipProblem problem(AwsRefusal e, ShipProblem missing) {
        if (e.isThrottling()) {
            return ShipProblem.THROTTLED;
        }
        if (e.isOfClock()) {
            return ShipProblem.CLOCK;
        }
        if (e.isOfCredentials()) {
            return ShipProblem.CREDENTIALS;
        }
        String code = e.code();
        return switch (code) {
            case "NoSuchBucket", "QueueDoesNotExist", "AWS.SimpleQueueService.NonExistentQueue" -> missing;
            case "AccessDenied", "AccessDeniedException" -> ShipProblem.PERMISSION;
            default -> code.startsWith("KMS.") || code.startsWith("Kms") ? ShipProblem.PERMISSION : ShipProblem.OTHER;
        };
    }

    private static String refusal(AwsRefusal e, ShipProblem problem, Service service) {
        String code = e.code();
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
            default ->
                switch (code) {
                    case "AuthorizationHeaderMalformed", "PermanentRedirect", "TemporaryRedirect" ->
                        "AWS_REGION: what is asked for is in another region (" + service.name() + ": " + code + ")";
                    default -> other(e, service);
                };
        };
    }

    private static String other(AwsRefusal e, Service service) {
        return e.code().isEmpty()
                ? service.name() + ": HTTP status " + e.status() + " without one of its error codes: check "
                        + service.endpoint() + ", and what is on the way there"
                : service.name() + ": " + e.code() + ": " + e.told();
    }

    private static String ofCredentials(String code, String service) {
        return switch (code) {
            case "SignatureDoesNotMatch", "InvalidSignatureException" ->
                "AWS_SECRET_ACCESS_KEY: " + service
                        + " refuses the signature, so the secret does not belong to AWS_ACCESS_KEY_ID";
            case "InvalidToken" -> "AWS_SESSION_TOKEN: " + service + " does not take it, sign in again";
            case "ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired" ->
                "AWS_SESSION_TOKEN: it has expired, sign in again";
            default -> "AWS_ACCESS_KEY_ID: " + service + " does not know it";
        };
    }

    private static String firstLine(Exception e) {
        String first = String.valueOf(e.getMessage() == null ? e : e.getMessage())
                .lines()
                .findFirst()
                .orElse(e.getClass().getSimpleName());
        return ToldText.line(first, LONGEST_REASON);
    }
}
