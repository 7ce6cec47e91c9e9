package dev.steptrail.localcloud.gateway;

/** The gateway rejects a request before any function is invoked. */
final class RejectedRequestException extends Exception {
    private final transient ProxyResponse answer;

    RejectedRequestException(ProxyResponse answer) {
        super(
                String.valueOf(answer.status()),
                null,
                false,
                false); // thrown for every such request, so without a stack trace
        this.answer = answer;
    }

    RejectedRequestException(int status, String message) {
        this(ProxyResponse.message(status, message));
    }

    ProxyResponse answer() {
        return answer;
    }
}
