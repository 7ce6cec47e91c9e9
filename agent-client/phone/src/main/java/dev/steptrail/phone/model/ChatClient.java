package dev.steptrail.phone.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Calls a model by OpenAI's chat completions API, which vLLM, SGLang, Ollama and most hosted models provide too.
 *
 * <p>A connection error, a status of 429, or of 5xx other than 501 and 505, is retried with a growing, random delay, or
 * after the time in the server's {@code Retry-After}; never after the first token has arrived. A call ends at its
 * deadline or when its thread is interrupted; the connection is then closed. Redirects are not followed: the key and
 * the screenshot are sent only to the configured server. Neither is logged or part of a message. A reply is limited to
 * {@value #MAX_REPLY} characters.
 *
 * <p>Thread-safe: several agents may share a client. A client is not closed: the JDK closes its connections and ends
 * its thread after the last reference to the client is gone (before Java 21, its HTTP client cannot be closed).
 */
public final class ChatClient {
    /** The environment variable with the server's key. Not {@code OPENAI_API_KEY}, which is for OpenAI's server. */
    public static final String KEY_VARIABLE = "STEPTRAIL_MODEL_KEY";

    /** The maximum length of a reply in characters. */
    public static final int MAX_REPLY = 256 * 1024;

    private static final long MAX_STREAM = 64L * MAX_REPLY;
    private static final int MAX_ERROR = 64 * 1024;
    private static final Duration ERROR_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration END_TIMEOUT = Duration.ofMillis(100);
    private static final Duration MODELS_TIMEOUT = Duration.ofSeconds(10);
    private static final int MAX_BACKOFF_DOUBLINGS = 4;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ModelSettings settings;
    private final @Nullable String key;
    private final ChatFailures failures;
    private final HttpClient http;

    /** Whether the server has rejected {@code stream_options}. */
    private volatile boolean usageRejected;

    /** @param key sent as a bearer token; null if the server needs none */
    public ChatClient(ModelSettings settings, @Nullable String key) {
        if (key != null && !key.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            throw new IllegalArgumentException(
                    KEY_VARIABLE + " contains a space, a control character or a character beyond ASCII");
        }
        this.settings = settings;
        this.key = key;
        this.failures = new ChatFailures(settings, key, settings.completionsUrl());
        this.http = HttpClient.newBuilder()
                // With HTTP/2, the client asks servers without TLS for an upgrade, which some answer with an error.
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(settings.connectTimeout())
                .build();
    }

    /** Creates a client with the key in {@value #KEY_VARIABLE}; without a key if the variable is not set or empty. */
    public static ChatClient fromEnvironment(ModelSettings settings, Map<String, String> environment) {
        String key = environment.getOrDefault(KEY_VARIABLE, "").strip();
        return new ChatClient(settings, key.isEmpty() ? null : key);
    }

    public ModelSettings settings() {
        return settings;
    }

    /** Like {@link #complete(List, Duration, Consumer)} without a limit beyond that of the settings. */
    public ChatReply complete(List<ChatMessage> messages) throws ChatException, ChatInterruptedException {
        return complete(messages, settings.timeout(), attempt -> {});
    }

    /**
     * Sends a conversation and returns the model's complete reply.
     *
     * @param limit the time for the call, if it is shorter than the timeout of the settings
     * @param retries receives a short line before each further attempt, such as "attempt 2 of 5: the model's server
     *     failed (HTTP 500)"
     * @throws ChatException if the server cannot be reached, rejects the request, or does not reply completely in time
     * @throws ChatInterruptedException if the thread is interrupted
     */
    public ChatReply complete(List<ChatMessage> messages, Duration limit, Consumer<String> retries)
            throws ChatException, ChatInterruptedException {
        Duration timeout = limit.compareTo(settings.timeout()) < 0 ? limit : settings.timeout();
        Call call = new Call(System.nanoTime(), timeout);
        Duration delay = Duration.ZERO;
        for (int attempt = 0; ; attempt++) {
            ReplyAssembler reply = new ReplyAssembler(call.startNanos());
            try {
                Thread.sleep(delay.toMillis());
                send(messages, call, reply);
                return reply.toReply();
            } catch (FailedAttempt failure) {
                delay = failure.retryAfter == null ? backoff(attempt) : failure.retryAfter;
                if (!failure.retryable || attempt >= settings.maxRetries() || delay.compareTo(call.remaining()) >= 0) {
                    String attempts = attempt == 0 ? "" : " (after " + (attempt + 1) + " attempts)";
                    throw new ChatException(failure.getMessage() + attempts, failure.getCause(), reply.toReply());
                }
                String reason = String.valueOf(failure.getMessage()).replace(" at " + settings.completionsUrl(), "");
                retries.accept("attempt " + (attempt + 2) + " of " + (settings.maxRetries() + 1) + ": " + reason);
            } catch (InterruptedException e) {
                throw new ChatInterruptedException(reply.toReply());
            }
        }
    }

    /**
     * Returns the names of the server's models, with one request of at most 10 s. Empty if the server does not list
     * them (status 404 or 405), as some do whose models can be called.
     *
     * @throws ChatException if the server cannot be reached, rejects the request, or does not reply completely in time
     * @throws ChatInterruptedException if the thread is interrupted
     */
    public Optional<List<String>> models() throws ChatException, ChatInterruptedException {
        Duration timeout = settings.timeout().compareTo(MODELS_TIMEOUT) < 0 ? settings.timeout() : MODELS_TIMEOUT;
        Call call = new Call(System.nanoTime(), timeout);
        ChatReply nothing = new ReplyAssembler(call.startNanos()).toReply();
        try {
            return requestModels(call, new ChatFailures(settings, key, settings.modelsUrl()));
        } catch (FailedAttempt failure) {
            throw new ChatException(String.valueOf(failure.getMessage()), failure.getCause(), nothing);
        } catch (InterruptedException e) {
            throw new ChatInterruptedException(nothing);
        }
    }

    private Optional<List<String>> requestModels(Call call, ChatFailures failures)
            throws FailedAttempt, InterruptedException {
        HttpRequest request = requestTo(settings.modelsUrl()).GET().build();
        HttpResponse<Flow.Publisher<List<ByteBuffer>>> response = receiveHead(request, call, failures);
        int status = response.statusCode();
        try (ResponseBody body = new ResponseBody(status == 200 ? MAX_STREAM : MAX_ERROR)) {
            response.body().subscribe(body);
            if (status == 404 || status == 405) {
                return Optional.empty();
            } else if (status != 200) {
                throw failures.rejected(response, readError(body, call));
            }
            return Optional.of(readModels(body, contentType(response), call, failures));
        }
    }

    private static List<String> readModels(ResponseBody body, String contentType, Call call, ChatFailures failures)
            throws FailedAttempt, InterruptedException {
        ByteArrayOutputStream json = new ByteArrayOutputStream();
        try {
            for (byte[] next = body.next(call.deadlineNanos()); next != null; next = body.next(call.deadlineNanos())) {
                json.writeBytes(next);
            }
        } catch (TimeoutException e) {
            throw failures.timedOut(call.timeout());
        } catch (InvalidReplyException e) {
            throw failures.invalidReply(e);
        } catch (IOException e) {
            throw failures.incompleteReply(String.valueOf(e.getMessage()), false, e);
        }
        JsonNode models =
                ServerMessage.parse(json.toString(StandardCharsets.UTF_8)).path("data");
        if (!models.isArray()) {
            throw failures.unexpectedContent("a list of models", contentType);
        }
        List<String> names = new ArrayList<>();
        models.forEach(model -> names.add(model.path("id").asText()));
        return names;
    }

    private static String readError(ResponseBody body, Call call) throws InterruptedException {
        return new String(body.readPrefix(call.remaining(ERROR_TIMEOUT)), StandardCharsets.UTF_8);
    }

    /** The time of a call with all its attempts. */
    private record Call(long startNanos, Duration timeout) {
        long deadlineNanos() {
            return startNanos + timeout.toNanos();
        }

        Duration elapsed() {
            return Duration.ofNanos(System.nanoTime() - startNanos);
        }

        Duration remaining() {
            return timeout.minus(elapsed());
        }

        Duration remaining(Duration max) {
            Duration remaining = remaining();
            return remaining.compareTo(max) < 0 ? remaining : max;
        }
    }

    /** Returns a random delay around the mean, so that several agents do not retry at the same time. */
    private Duration backoff(int attempt) {
        long mean = settings.retryDelay().toMillis() << Math.min(attempt, MAX_BACKOFF_DOUBLINGS);
        return Duration.ofMillis((long) (mean * ThreadLocalRandom.current().nextDouble(0.5, 1.5)));
    }

    private void send(List<ChatMessage> messages, Call call, ReplyAssembler reply)
            throws FailedAttempt, InterruptedException {
        boolean withUsage = settings.includeUsage() && !usageRejected;
        HttpResponse<Flow.Publisher<List<ByteBuffer>>> response =
                receiveHead(request(messages, withUsage), call, failures);
        int status = response.statusCode();
        try (ResponseBody body = new ResponseBody(status == 200 ? MAX_STREAM : MAX_ERROR)) {
            response.body().subscribe(body);
            if (status == 200) {
                readReply(body, contentType(response), call, reply);
                return;
            }
            String error = readError(body, call);
            if (withUsage && (status == 400 || status == 422) && error.contains("stream_options")) {
                usageRejected = true;
                send(messages, call, reply);
                return;
            }
            throw failures.rejected(response, error);
        }
    }

    private HttpRequest request(List<ChatMessage> messages, boolean withUsage) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("model", settings.model());
        body.put("messages", messages.stream().map(ChatMessage::toRequest).toList());
        body.put("max_tokens", settings.sampling().maxTokens());
        body.put("temperature", settings.sampling().temperature());
        body.put("top_p", settings.sampling().topP());
        body.put("frequency_penalty", settings.sampling().frequencyPenalty());
        body.put("stream", true);
        if (withUsage) {
            body.put("stream_options", Map.of("include_usage", true));
        }
        byte[] json;
        try {
            json = JSON.writeValueAsBytes(body);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a request of maps, lists, strings and numbers is always JSON", e);
        }
        return requestTo(settings.completionsUrl())
                .header("Content-Type", "application/json")
                .header("Accept", "text/event-stream")
                .POST(BodyPublishers.ofByteArray(json))
                .build();
    }

    private HttpRequest.Builder requestTo(URI url) {
        HttpRequest.Builder request = HttpRequest.newBuilder(url);
        return key == null ? request : request.header("Authorization", "Bearer " + key);
    }

    private HttpResponse<Flow.Publisher<List<ByteBuffer>>> receiveHead(
            HttpRequest request, Call call, ChatFailures failures) throws FailedAttempt, InterruptedException {
        CompletableFuture<HttpResponse<Flow.Publisher<List<ByteBuffer>>>> response =
                http.sendAsync(request, BodyHandlers.ofPublisher());
        try {
            return response.get(Math.max(0, call.remaining().toNanos()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw failures.timedOut(call.timeout());
        } catch (ExecutionException e) {
            throw failures.unreachable(e.getCause() == null ? e : e.getCause());
        } finally {
            response.cancel(true); // closes the connection after a timeout or an interrupt
        }
    }

    private void readReply(ResponseBody body, String contentType, Call call, ReplyAssembler reply)
            throws FailedAttempt, InterruptedException {
        if (contentType.contains("html")) {
            throw failures.unexpectedContent("a chat completion", contentType);
        }
        boolean eventStream = !contentType.contains("application/json");
        try {
            EventStreamParser events = new EventStreamParser();
            ByteArrayOutputStream whole = new ByteArrayOutputStream();
            byte[] bytes;
            while ((bytes = next(body, reply, call)) != null) {
                if (!eventStream) {
                    whole.writeBytes(bytes);
                    continue;
                }
                for (String event : events.add(bytes)) {
                    reply.add(event);
                }
            }
            for (String event : eventStream ? events.end() : List.of(whole.toString(StandardCharsets.UTF_8))) {
                reply.add(event);
            }
        } catch (TimeoutException e) {
            throw failures.timedOut(call.timeout());
        } catch (InvalidReplyException e) {
            throw failures.invalidReply(e);
        } catch (IOException e) {
            throw failures.incompleteReply(String.valueOf(e.getMessage()), !reply.hasText(), e);
        }
        if (!reply.isCompletion() && !contentType.contains("text/event-stream")) {
            throw failures.unexpectedContent("a chat completion", contentType);
        }
        if (!reply.isEnded()) {
            throw failures.incompleteReply("it ended without a finish_reason or [DONE]", false, null);
        }
    }

    /** Returns the next bytes of the body; null at its end, or if it does not end soon after the end of the reply. */
    private static byte @Nullable [] next(ResponseBody body, ReplyAssembler reply, Call call)
            throws IOException, InterruptedException, TimeoutException {
        if (!reply.isDone()) {
            return body.next(call.deadlineNanos());
        }
        try {
            return body.next(System.nanoTime() + END_TIMEOUT.toNanos()); // the connection can then be used again
        } catch (TimeoutException stillOpen) {
            return null;
        }
    }

    /** Returns the content type in lower case; empty if the server does not say it. */
    static String contentType(HttpResponse<?> response) {
        return response.headers().firstValue("Content-Type").orElse("").toLowerCase(Locale.ROOT);
    }
}
