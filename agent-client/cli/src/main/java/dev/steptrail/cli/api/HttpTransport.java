package dev.steptrail.cli.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.util.Objects;
import java.util.regex.Pattern;
import org.apache.commons.io.input.ProxyInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Sends HTTP requests with a read timeout of 40 s. Redirects are not followed, because they could send the token to
 * another host. Uses {@link HttpURLConnection} because {@code java.net.http.HttpClient} has no timeout for reading a
 * body.
 */
final class HttpTransport {
    /** The API responds within 30 s. */
    private static final Duration READ_TIMEOUT = Duration.ofSeconds(40);

    private static final Pattern LOOPBACK = Pattern.compile("(?i)localhost|127(\\.[0-9]{1,3}){3}|\\[::1]");

    static {
        System.setProperty("sun.net.http.retryPost", "false"); // a POST is not idempotent
    }

    private final Duration readTimeout;

    HttpTransport() {
        this(READ_TIMEOUT);
    }

    HttpTransport(Duration readTimeout) {
        this.readTimeout = readTimeout;
    }

    /** A response with any status. The caller must close its body. */
    record Response(HttpURLConnection connection, int status, InputStream body) {
        String header(String name) {
            return Objects.requireNonNullElse(connection.getHeaderField(name), "");
        }
    }

    /** Returns whether {@link HttpURLConnection} accepts an address; otherwise its exceptions quote the address. */
    static boolean isSupported(URI address) {
        boolean isHttp = isSecure(address) || "http".equalsIgnoreCase(address.getScheme());
        return isHttp && address.getHost() != null && address.getPort() != 0 && address.getPort() <= 65_535;
    }

    /** Returns whether the token may be sent to the address: over TLS, or to this machine. */
    static boolean isSafeForToken(URI address) {
        return isSecure(address)
                || LOOPBACK.matcher(Objects.requireNonNullElse(address.getHost(), ""))
                        .matches();
    }

    static boolean isSecure(URI address) {
        return "https".equalsIgnoreCase(address.getScheme());
    }

    /** @throws SocketTimeoutException if connecting or reading times out */
    Response send(String method, URI address, @Nullable String token, @Nullable String json) throws IOException {
        HttpURLConnection connection = (HttpURLConnection) address.toURL().openConnection();
        connection.setRequestMethod(method);
        connection.setInstanceFollowRedirects(false);
        connection.setUseCaches(false);
        connection.setConnectTimeout(10_000);
        connection.setReadTimeout((int) readTimeout.toMillis());
        if (token != null) {
            connection.setRequestProperty("Authorization", "Bearer " + token);
        }
        if (json != null) {
            connection.setRequestProperty("Content-Type", "application/json");
            connection.setDoOutput(true);
            try (OutputStream body = connection.getOutputStream()) {
                body.write(json.getBytes(UTF_8));
            }
        }
        int status = connection.getResponseCode();
        InputStream body = status < 400 ? connection.getInputStream() : connection.getErrorStream();
        return new Response(
                connection,
                status,
                body == null ? InputStream.nullInputStream() : new Body(body, connection.getContentLengthLong()));
    }

    /**
     * A body with readable error messages. Unlike {@link HttpURLConnection}, it also fails if the body is shorter than
     * its {@code Content-Length}.
     */
    private static final class Body extends ProxyInputStream {
        private long remaining;

        /** @param length in bytes; negative if it is unknown */
        Body(InputStream body, long length) {
            super(body);
            remaining = length;
        }

        @Override
        protected void afterRead(int bytes) throws IOException {
            if (bytes < 0 && remaining > 0) {
                throw new EOFException();
            }
            remaining -= Math.max(0, bytes);
        }

        @Override
        protected void handleIOException(IOException e) throws IOException {
            if (e instanceof SocketTimeoutException) {
                throw new SocketTimeoutException("timed out while reading the response; try again");
            }
            throw new IOException("the response was truncated; try again", e);
        }
    }
}
