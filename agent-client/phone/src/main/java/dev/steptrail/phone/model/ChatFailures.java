package dev.steptrail.phone.model;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.ConnectException;
import java.net.ProtocolException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Describes why a request failed, without the key, and says what to do where that is known. */
final class ChatFailures {
    private final ModelSettings settings;
    private final @Nullable String key;
    private final URI url;

    /** @param url of the requests */
    ChatFailures(ModelSettings settings, @Nullable String key, URI url) {
        this.settings = settings;
        this.key = key;
        this.url = url;
    }

    /** @param error the body of the response */
    FailedAttempt rejected(HttpResponse<?> response, String error) {
        int status = response.statusCode();
        boolean page = ChatClient.contentType(response).contains("html"); // of a web server, which explains nothing
        String reason = "HTTP " + status + (error.isBlank() || page ? "" : ": " + quote(ServerMessage.of(error)));
        boolean unsupported = status == 501 || status == 505; // another attempt has the same result
        if (status == 429 || (status >= 500 && !unsupported)) {
            Duration retryAfter = response.headers()
                    .firstValue("Retry-After")
                    .map(ChatFailures::parseRetryAfter)
                    .orElse(null);
            String wait = retryAfter == null ? "" : "; it asks to wait for " + retryAfter.toSeconds() + " s";
            String what = status == 429 ? " limits the rate of requests" : " failed";
            return new FailedAttempt(scrub(server() + what + " (" + reason + ")" + wait), true, retryAfter, null);
        }
        String advice =
                switch (status) {
                    case 401, 403 ->
                        key == null
                                ? "set the server's key in " + ChatClient.KEY_VARIABLE
                                : "check the key in " + ChatClient.KEY_VARIABLE;
                    case 404, 405, 501, 505 ->
                        "check that the server provides the model '" + settings.model()
                                + "', and that the URL is right: most end in /v1";
                    case 413 -> "the server does not accept screenshots of this size";
                    default ->
                        status >= 300 && status < 400
                                ? "redirects are not followed; use the URL "
                                        + response.headers()
                                                .firstValue("Location")
                                                .map(this::quote)
                                                .orElse("of the new place")
                                : ""; // the server's own message says what is wrong
                };
        String rejected = server() + " rejected the request (" + reason + ")";
        return failed(advice.isEmpty() ? rejected : rejected + ": " + advice, false, null);
    }

    FailedAttempt unreachable(Throwable cause) {
        String reason = cause.getMessage() == null ? cause.getClass().getSimpleName() : quote(cause.getMessage());
        if (cause instanceof SSLException) {
            return failed("No secure connection to " + server() + ": " + reason, false, cause);
        } else if (cause instanceof ProtocolException) {
            return failed("The answer of " + server() + " is not a valid HTTP response: " + reason, false, cause);
        } else if (cause instanceof HttpTimeoutException) {
            reason = "no answer within " + settings.connectTimeout().toSeconds() + " s";
        } else if (cause instanceof ConnectException) {
            reason = isUnresolved(cause)
                    ? "unknown host '" + settings.baseUrl().getHost() + "'"
                    : "connection refused; is the model's server running?";
        } else if (reason.contains("received no bytes")) {
            reason = "the server closed the connection without an answer";
        }
        return failed("Cannot reach " + server() + ": " + reason, true, cause);
    }

    private static boolean isUnresolved(@Nullable Throwable failure) {
        return failure != null && (failure instanceof UnresolvedAddressException || isUnresolved(failure.getCause()));
    }

    FailedAttempt timedOut(Duration timeout) {
        return failed(
                "No complete reply of " + server() + " within " + timeout.toMillis() / 1000.0 + " s", false, null);
    }

    FailedAttempt invalidReply(InvalidReplyException e) {
        String quoted = e.quoted() == null ? "" : ": " + quote(e.quoted());
        return failed("The reply of " + server() + " cannot be used: " + e.getMessage() + quoted, false, null);
    }

    /**
     * @param expected what the server should have sent
     * @param contentType of what it sent; blank if it does not say
     */
    FailedAttempt unexpectedContent(String expected, String contentType) {
        return failed(
                server() + " answered with " + (contentType.isBlank() ? "something else" : quote(contentType))
                        + ", not " + expected
                        + ": check the URL (most end in /v1), and whether it requires a login",
                false,
                null);
    }

    FailedAttempt incompleteReply(String reason, boolean retryable, @Nullable Throwable cause) {
        return failed("The reply of " + server() + " is incomplete: " + reason, retryable, cause);
    }

    private FailedAttempt failed(String message, boolean retryable, @Nullable Throwable cause) {
        return new FailedAttempt(scrub(message), retryable, null, cause == null || containsKey(cause) ? null : cause);
    }

    /** Returns the beginning of what the server sent. The key is removed first, so that no part of it remains. */
    private String quote(String received) {
        return ServerMessage.excerpt(scrub(received));
    }

    private boolean containsKey(Throwable failure) {
        StringWriter trace = new StringWriter();
        failure.printStackTrace(new PrintWriter(trace));
        return key != null && trace.toString().contains(key);
    }

    /** Removes the key, which some servers quote in their error messages. */
    private String scrub(String message) {
        return key == null ? message : message.replace(key, "***");
    }

    private String server() {
        return "the model's server at " + url;
    }

    private static @Nullable Duration parseRetryAfter(String value) {
        try {
            return Duration.ofMillis(Math.max(0, (long) (Double.parseDouble(value) * 1000)));
        } catch (NumberFormatException notSeconds) {
            try {
                Instant at = ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME)
                        .toInstant();
                Duration delay = Duration.between(Instant.now(), at);
                return delay.isNegative() ? Duration.ZERO : delay;
            } catch (DateTimeParseException invalid) {
                return null;
            }
        }
    }
}
