package dev.steptrail.phone.model;

import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;

/**
 * Which model to call, and how. The key of the server is not a setting: {@link ChatClient#fromEnvironment} reads it.
 *
 * @param baseUrl the URL of the API without {@code /chat/completions}, such as {@code http://localhost:8000/v1}
 * @param model the name of the model
 * @param sampling how the model samples its reply. Default {@link Sampling#DEFAULT}
 * @param includeUsage whether to ask the server for the number of tokens ({@code stream_options}). Default true; a
 *     server that rejects the option is asked without it
 * @param timeout the time of a call with all its retries. Default 5 min
 * @param connectTimeout the time to open a connection. Default 10 s
 * @param maxRetries how often a request is repeated after a connection error, or a status of 429 or of 5xx other than
 *     501 and 505. Default 4
 * @param retryDelay the mean delay before the first retry; it doubles with each retry, up to 16 times. Default 0.5 s
 */
public record ModelSettings(
        URI baseUrl,
        String model,
        Sampling sampling,
        boolean includeUsage,
        Duration timeout,
        Duration connectTimeout,
        int maxRetries,
        Duration retryDelay) {

    /** The model that Open-AutoGLM uses if none is configured. */
    public static final String DEFAULT_MODEL = "autoglm-phone-9b";

    /**
     * The parameters of the chat completions API by which a model samples.
     *
     * @param maxTokens the maximum number of generated tokens
     */
    public record Sampling(int maxTokens, double temperature, double topP, double frequencyPenalty) {
        /** The parameters of Open-AutoGLM. */
        public static final Sampling DEFAULT = new Sampling(3000, 0.0, 0.85, 0.2);
    }

    public ModelSettings {
        Objects.requireNonNull(sampling, "sampling");
        if (model.isBlank()) {
            throw new IllegalArgumentException("the model must have a name");
        }
        if (timeout.isNegative() || timeout.isZero() || connectTimeout.isNegative() || connectTimeout.isZero()) {
            throw new IllegalArgumentException("timeouts must be positive");
        }
        if (maxRetries < 0 || retryDelay.isNegative()) {
            throw new IllegalArgumentException("maxRetries and retryDelay must not be negative");
        }
    }

    /**
     * Returns the settings of a model with the defaults of Open-AutoGLM.
     *
     * @throws IllegalArgumentException if {@code baseUrl} is not a URL of HTTP or HTTPS; the message says what is wrong
     */
    public static ModelSettings of(String baseUrl, String model) {
        return new ModelSettings(
                parse(baseUrl),
                model,
                Sampling.DEFAULT,
                true,
                Duration.ofMinutes(5),
                Duration.ofSeconds(10),
                4,
                Duration.ofMillis(500));
    }

    public ModelSettings withIncludeUsage(boolean enabled) {
        return new ModelSettings(baseUrl, model, sampling, enabled, timeout, connectTimeout, maxRetries, retryDelay);
    }

    public ModelSettings withTimeout(Duration newTimeout) {
        return new ModelSettings(
                baseUrl, model, sampling, includeUsage, newTimeout, connectTimeout, maxRetries, retryDelay);
    }

    public ModelSettings withRetries(int newMaxRetries, Duration newRetryDelay) {
        return new ModelSettings(
                baseUrl, model, sampling, includeUsage, timeout, connectTimeout, newMaxRetries, newRetryDelay);
    }

    /** Returns the URL of the requests. */
    URI completionsUrl() {
        return URI.create(baseUrl.toString() + "/chat/completions");
    }

    /** Returns the URL of the list of models. */
    URI modelsUrl() {
        return URI.create(baseUrl.toString() + "/models");
    }

    private static URI parse(String text) {
        URI url;
        try {
            url = URI.create(text.strip().replaceFirst("/+$", ""));
        } catch (IllegalArgumentException invalid) {
            throw new IllegalArgumentException(invalidUrl(text)); // the cause contains the URL with its password
        }
        String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
        if (!(scheme.equals("http") || scheme.equals("https")) || url.getHost() == null) {
            throw new IllegalArgumentException(invalidUrl(text));
        }
        if (url.getRawUserInfo() != null || url.getRawQuery() != null || url.getRawFragment() != null) {
            throw new IllegalArgumentException("the model's URL must not contain a user, a query or a fragment; "
                    + "set the key in " + ChatClient.KEY_VARIABLE);
        }
        if (url.getPath().endsWith("/chat/completions")) {
            return URI.create(url.toString().substring(0, url.toString().length() - "/chat/completions".length()));
        }
        return url;
    }

    private static String invalidUrl(String text) {
        return "the model's URL is not valid: '" + text.replaceFirst("//[^/]*@", "//***@")
                + "' (expected for example http://localhost:8000/v1)";
    }
}
