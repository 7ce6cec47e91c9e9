package dev.steptrail.bucket;

import dev.steptrail.store.Settings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads objects of the bucket, a bounded number of bytes in a bounded time. Thread-safe. */
public final class BucketReader {
    /** What an object may take in all: the rest of {@link #read}'s promise is a last wait for bytes. */
    private static final Duration MOST_TIME = Duration.ofSeconds(3);

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(1);
    private static final Duration READ_TIMEOUT = Duration.ofSeconds(2);
    private static final Duration URL_LIFETIME = Duration.ofMinutes(1);
    private static final int MOST_OF_AN_ERROR = 4096;
    private static final Pattern CODE = Pattern.compile("<Code>([A-Za-z0-9]{1,64})</Code>");

    private final BucketUrls urls;
    private final Clock clock;

    /** @param settings as {@link BucketUrls} takes them */
    public BucketReader(Settings settings) {
        this.urls = new BucketUrls(settings);
        this.clock = Clock.systemUTC();
    }

    /**
     * The first bytes of an object; empty if there is none under this key. Takes at most 5 seconds, the look-up of S3's
     * address not counted.
     *
     * @param most how many bytes to read, those beyond are left
     * @throws BucketException if S3 cannot be reached in time, or refuses for another reason than that the object is missing
     */
    public Optional<byte[]> read(String key, int most) throws BucketException {
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        long end = System.nanoTime() + MOST_TIME.toNanos();
        try {
            HttpURLConnection connection = (HttpURLConnection)
                    URI.create(urls.sign(key, now, URL_LIFETIME)).toURL().openConnection();
            connection.setConnectTimeout((int) CONNECT_TIMEOUT.toMillis());
            connection.setReadTimeout((int) READ_TIMEOUT.toMillis());
            connection.setInstanceFollowRedirects(false);
            connection.setUseCaches(false);
            return read(connection, most, end);
        } catch (IOException e) {
            // The message of the exception may tell the URL, which opens the object.
            throw new BucketException(e.getClass().getSimpleName());
        }
    }

    private static Optional<byte[]> read(HttpURLConnection connection, int most, long end)
            throws IOException, BucketException {
        int status = connection.getResponseCode();
        if (status == HttpURLConnection.HTTP_OK) {
            try (InputStream body = connection.getInputStream()) {
                return Optional.of(bytes(body, most, end));
            }
        }
        String code = errorCode(connection, end);
        if (code.equals("NoSuchKey")) {
            return Optional.empty();
        }
        throw new BucketException((status + " " + code).strip());
    }

    private static String errorCode(HttpURLConnection connection, long end) throws IOException {
        try (InputStream body = connection.getErrorStream()) {
            if (body == null) {
                return "";
            }
            Matcher code = CODE.matcher(new String(bytes(body, MOST_OF_AN_ERROR, end), StandardCharsets.UTF_8));
            return code.find() ? code.group(1) : "";
        }
    }

    private static byte[] bytes(InputStream body, int most, long end) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        byte[] some = new byte[16 * 1024];
        while (bytes.size() < most) {
            int read = body.read(some, 0, Math.min(some.length, most - bytes.size()));
            if (read < 0) {
                break;
            }
            bytes.write(some, 0, read);
            if (System.nanoTime() - end > 0) {
                throw new SocketTimeoutException();
            }
        }
        return bytes.toByteArray();
    }
}
