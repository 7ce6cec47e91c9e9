package dev.steptrail.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests the reader with a real S3 server, and with servers that hang. */
@Tag("slow")
class BucketReaderIT {
    private static final String KEY = "payloads/AROA:a@b.c,d=e/é 相+~'()*!/c.json.gz";

    private static final Duration A_MINUTE = Duration.ofMinutes(1);
    private static final Duration READ_TIMEOUT = Duration.ofMillis(300);

    private final TestBucket bucket = TestBucket.empty();

    @Test
    void object_isReadUpToTheLimit_orCopiedCompletely(@TempDir Path folder) throws Exception {
        byte[] object = new byte[3_000_000];
        new Random(7).nextBytes(object);
        bucket.put(KEY, object);
        BucketReader reader = reader(bucket.settings());
        Path file = folder.resolve("file");

        assertThat(reader.read(KEY, object.length)).contains(object);
        assertThat(reader.read(KEY, 8_000_000)).contains(object);
        assertThat(reader.read(KEY, 100_000)).contains(Arrays.copyOf(object, 100_000));
        assertThat(reader.copy(KEY, file, A_MINUTE)).isTrue();
        assertThat(file).hasBinaryContent(object);
        assertThat(reader.read("missing", 10)).isEmpty();
        assertThat(reader.copy("missing", folder.resolve("missing"), A_MINUTE)).isFalse();
        assertThatThrownBy(() -> reader.copy(KEY, folder.resolve("nowhere/file"), A_MINUTE))
                .isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void object_isServedWithTheSignedContentType() throws Exception {
        bucket.put(KEY, "<script>".getBytes(StandardCharsets.UTF_8), "text/html");
        String url = new BucketUrls(new Settings(bucket.settings()))
                .signer(Instant.now(), A_MINUTE)
                .sign(KEY, "image/webp");

        assertThat(URI.create(url).toURL().openConnection().getContentType()).isEqualTo("image/webp");
        assertThat(((HttpURLConnection)
                                URI.create(url.replace("webp", "png")).toURL().openConnection())
                        .getResponseCode())
                .isEqualTo(403);
    }

    @FunctionalInterface
    private interface Answer {
        void to(Socket socket) throws Exception;
    }

    @Test
    void truncatedResponse_fails() throws Exception {
        assertFails("", socket -> {
            socket.getOutputStream()
                    .write("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc".getBytes(StandardCharsets.US_ASCII));
            socket.shutdownOutput();
            socket.getInputStream().readAllBytes();
        });
    }

    @Test
    void serverThatNeverResponds_orSendsByteByByte_timesOut() throws Exception {
        assertFails("ApiCallTimeoutException)", socket -> {});
        assertFails("ApiCallTimeoutException)", socket -> {
            OutputStream out = socket.getOutputStream();
            out.write("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            while (true) {
                out.write('x');
                out.flush();
                Thread.sleep(20);
            }
        });
    }

    private void assertFails(String cause, Answer answer) throws Exception {
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            CompletableFuture.runAsync(() -> {
                try {
                    answer.to(server.accept());
                } catch (Exception theClientLeft) {
                    return;
                }
            });
            Map<String, String> settings =
                    bucket.settings("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:" + server.getLocalPort());
            BucketReader reader = new BucketReader(new Settings(settings), READ_TIMEOUT);
            long start = System.nanoTime();

            assertThatThrownBy(() -> reader.read(KEY, 10_000))
                    .isInstanceOf(BucketException.class)
                    .hasMessageStartingWith("the bucket is not available (" + cause);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(A_MINUTE);
        }
    }

    private static String failure(Map<String, String> settings) {
        BucketException failure = catchThrowableOfType(
                BucketException.class, () -> reader(settings).read(KEY, 10_000));
        assertThat(failure).as("failed").isNotNull();
        return String.valueOf(failure.getMessage());
    }

    private static BucketReader reader(Map<String, String> settings) {
        return new BucketReader(new Settings(settings));
    }
}
