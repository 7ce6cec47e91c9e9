package dev.steptrail.bucket;

import dev.steptrail.aws.CredentialsException;
import dev.steptrail.aws.Settings;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads objects of the bucket, in a bounded time. Thread-safe. */
public final class BucketReader {
    /** What an object may take in all: the rest of {@link #read}'s promise is a last wait for bytes. */
    private static final Duration TIME_TO_READ = Duration.ofSeconds(3);

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(1);
    private static final Duration READ_TIMEOUT = Duration.ofSeconds(2);
    private static final Duration URL_LIFETIME = Duration.ofMinutes(1);
    private static final int MOST_OF_AN_ERROR = 4096;
    private static final Pattern CODE = Pattern.compile("<Code>([A-Za-z0-9]{1,64})</Code>");

    private final BucketUrls urls;
    private final Clock clock;
    private final Duration readTimeout;
    private final Duration timeToRead;

    /** @param settings as {@link BucketUrls} takes them */
    public BucketReader(Settings settings) {
        this(settings, READ_TIMEOUT, TIME_TO_READ);
    }

    BucketReader(Settings settings, Duration readTimeout, Duration timeToRead) {
        this.urls = new BucketUrls(settings);
        this.clock = Clock.systemUTC();
        this.readTimeout = readTimeout;
        this.timeToRead = timeToRead;
    }

    /**
     * The first bytes of an object; empty if there is none under this key. Takes at most 5 seconds, the look-up of S3's
     * address not counted.
     *
     * @param most how many bytes to read, those beyond are left
     * @throws BucketException if S3 cannot be reached in time, or refuses for another reason than that the object is missing
     */
    public Optional<byte[]> read(String key, int most) throws BucketException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        return get(key, bytes, most, timeToRead) ? Optional.of(bytes.toByteArray()) : Optional.empty();
    }

    /**
     * Whether there is an object under this key. Takes as long as {@link #read} at most.
     *
     * @throws BucketException as {@link #read} does
     */
    public boolean has(String key) throws BucketException {
        return read(key, 1).isPresent();
    }

    /**
     * Writes an object into a file.
     *
     * @param time how long it may take; a last wait for bytes, of 2 seconds, may come on top
     * @return false if there is no object under this key
     * @throws BucketException if S3 cannot be reached in time, or refuses for another reason than that the object is missing
     * @throws IOException if the file cannot be written
     */
    public boolean copy(String key, Path file, Duration time) throws BucketException, IOException {
        try (OutputStream out = Files.newOutputStream(file)) {
            return get(key, out, Long.MAX_VALUE, time);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private boolean get(String key, OutputStream out, long most, Duration time) throws BucketException {
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        long end = System.nanoTime() + time.toNanos();
        try {
            HttpURLConnection connection = (HttpURLConnection)
                    URI.create(urls.at(now, URL_LIFETIME).sign(key)).toURL().openConnection();
            connection.setConnectTimeout((int) CONNECT_TIMEOUT.toMillis());
            connection.setReadTimeout((int) readTimeout.toMillis());
            connection.setInstanceFollowRedirects(false);
            connection.setUseCaches(false);
            return get(connection, out, most, end);
        } catch (IOException | CredentialsException e) {
            // The message of the exception may tell the URL, which opens the object.
            throw new BucketException(e.getClass().getSimpleName());
        }
    }

    private static boolean get(HttpURLConnection connection, OutputStream out, long most, long end)
            throws IOException, BucketException {
        int status = connection.getResponseCode();
        if (status == HttpURLConnection.HTTP_OK) {
            try (InputStream body = connection.getInputStream()) {
                long copied = copy(body, out, most, end);
                if (copied < Math.min(most, connection.getContentLengthLong())) {
                    throw new EOFException();
                }
                return true;
            }
        }
        String code = errorCode(connection, end);
        if (code.equals("NoSuchKey")) {
            return false;
        }
        throw new BucketException((status + " " + code).strip());
    }

    private static String errorCode(HttpURLConnection connection, long end) throws IOException {
        try (InputStream body = connection.getErrorStream()) {
            if (body == null) {
                return "";
            }
            ByteArrayOutputStream error = new ByteArrayOutputStream();
            copy(body, error, MOST_OF_AN_ERROR, end);
            Matcher code = CODE.matcher(error.toString(StandardCharsets.UTF_8));
            return code.find() ? code.group(1) : "";
        }
    }

    /** @return how many bytes, {@code most} or all */
    private static long copy(InputStream body, OutputStream out, long most, long end) throws IOException {
        byte[] some = new byte[16 * 1024];
        long copied = 0;
        while (copied < most) {
            int read = body.read(some, 0, (int) Math.min(some.length, most - copied));
            if (read < 0) {
                break;
            }
            write(out, some, read);
            copied += read;
            if (System.nanoTime() - end > 0) {
                throw new SocketTimeoutException();
            }
        }
        return copied;
    }

    /** What fails here is no failure of S3. */
    private static void write(OutputStream out, byte[] bytes, int length) {
        try {
            out.write(bytes, 0, length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
