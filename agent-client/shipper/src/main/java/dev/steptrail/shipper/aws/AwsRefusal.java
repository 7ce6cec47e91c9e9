package dev.steptrail.shipper.aws;

/** A service answered, and did not do what it was asked for. */
public final class AwsRefusal extends Exception {
    private static final long serialVersionUID = 1;
    private static final int LONGEST_CODE = 100;
    private static final int LONGEST_MESSAGE = 500;

    private final int status;
    private final String code;

    /**
     * A refusal. Of what the service says so much is kept as a line can tell: 100 characters of the code, 500 of the message.
     *
     * @param status of HTTP; 0 if it is a part of an answer that has none of its own
     * @param code such as {@code AccessDenied}; empty if who answered has none, and so is hardly the service itself
     * @param message what the service says besides
     */
    public AwsRefusal(int status, String code, String message) {
        super(ToldText.line(message, LONGEST_MESSAGE));
        this.status = status;
        this.code = ToldText.line(code, LONGEST_CODE);
    }

    public int status() {
        return status;
    }

    public String code() {
        return code;
    }

    /** What the service says, not null. */
    public String told() {
        return String.valueOf(getMessage());
    }

    /** Whether it is of the service's state, so that the same may go well at once: to be tried again. */
    boolean isPassing() {
        return status >= 500
                || isThrottling()
                || code.equals("InternalError")
                || code.equals("RequestTimeout")
                || code.equals("RequestTimeoutException");
    }

    /** Whether too much was asked for: to be asked again, later and more seldom. */
    public boolean isThrottling() {
        return status == 429
                || switch (code) {
                    case "SlowDown",
                            "Throttling",
                            "ThrottlingException",
                            "ThrottledException",
                            "RequestThrottled",
                            "RequestThrottledException",
                            "TooManyRequestsException",
                            "RequestLimitExceeded",
                            "BandwidthLimitExceeded",
                            "LimitExceededException",
                            "OverLimit",
                            "KmsThrottled",
                            "KMS.ThrottlingException" -> true;
                    default -> false;
                };
    }

    /**
     * Whether the time in the request's signature is refused. Where the signature has a time limit of its own, a wrong clock is
     * told as a wrong signature.
     */
    public boolean isOfClock() {
        return switch (code) {
            case "RequestTimeTooSkewed", "RequestExpired", "RequestInTheFuture" -> true;
            case "SignatureDoesNotMatch", "InvalidSignatureException" ->
                told().contains("Signature expired") || told().contains("Signature not yet current");
            default -> false;
        };
    }

    /** Whether the key, its secret or its session is refused: others must be found. */
    public boolean isOfCredentials() {
        return !isOfClock()
                && switch (code) {
                    case "SignatureDoesNotMatch",
                            "InvalidSignatureException",
                            "InvalidAccessKeyId",
                            "InvalidClientTokenId",
                            "UnrecognizedClientException",
                            "MissingAuthenticationToken",
                            "InvalidToken",
                            "TokenRefreshRequired",
                            "ExpiredToken",
                            "ExpiredTokenException" -> true;
                    default -> false;
                };
    }
}
