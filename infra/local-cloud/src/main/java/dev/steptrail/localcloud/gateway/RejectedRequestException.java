package dev.steptrail.localcloud.gateway;

/** A request that does not reach a function. */
final class RejectedRequestException extends Exception {
    private final transient ProxyResponse answer;

    RejectedRequestException(ProxyResponse answer) {
        super(String.valueOf(answer.status()), null, false, false); // it is thrown for every such request
        this.answer = answer;
    }

    RejectedRequestException(int status, String message) {
        this(ProxyResponse.message(status, message));
    }

    ProxyResponse answer() {
        return answer;
    }
}
