package dev.steptrail.shipper;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.utils.Md5Utils;

/** A network that corrupts requests to a real S3 server. */
@Timeout(60)
class CorruptedUploadIT extends LocalAwsTestBase {
    private static final byte[] PICTURE = "a picture whose last byte is changed: 0".getBytes(UTF_8);

    @Test
    void corruptedBody_isRejected_andStoredOnceIntact() throws Exception {
        try (FlippingProxy proxy =
                new FlippingProxy(URI.create(aws.environment().get("AWS_ENDPOINT_URL_S3")))) {
            ShipperSettings settings = ShipperSettings.from(aws.environment("AWS_ENDPOINT_URL_S3", proxy.url()));
            try (AwsClients clients = new AwsClients(settings)) {
                ScreenshotBucket bucket = new ScreenshotBucket(settings, clients);

                assertThatThrownBy(() -> bucket.put("key", PICTURE, "image/webp"))
                        .isInstanceOf(ShipException.class)
                        .hasMessageStartingWith("S3: XAmzContentSHA256Mismatch: ");
                assertThat(aws.keys()).isEmpty();

                proxy.flips = false;
                bucket.put("key", PICTURE, "image/webp");
                assertThat(aws.object("key")).isEqualTo(PICTURE);
            }
        }
    }

    /** Over TLS the SDK does not sign the body, so the server verifies only the MD5. */
    @Test
    void contentWithWrongMd5_isRejected() throws Exception {
        ShipperSettings settings = ShipperSettings.from(aws.environment());
        try (AwsClients clients = new AwsClients(settings)) {
            assertThatThrownBy(() -> clients.s3()
                            .putObject(
                                    request -> request.bucket(settings.bucket())
                                            .key("key")
                                            .contentMD5(Md5Utils.md5AsBase64("another picture".getBytes(UTF_8))),
                                    RequestBody.fromBytes(PICTURE)))
                    .isInstanceOfSatisfying(
                            S3Exception.class,
                            e -> assertThat(e.awsErrorDetails().errorCode()).isEqualTo("BadDigest"));
            assertThat(aws.keys()).isEmpty();
        }
    }

    /** Forwards connections and, while it flips, changes the last byte of the screenshot. */
    private static final class FlippingProxy implements AutoCloseable {
        private final ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        private final URI server;
        private volatile boolean flips = true;

        FlippingProxy(URI server) throws Exception {
            this.server = server;
            start(() -> {
                while (true) {
                    Socket client = socket.accept();
                    Socket inside = new Socket(server.getHost(), server.getPort());
                    start(() -> forward(client, inside, flips));
                    start(() -> forward(inside, client, false));
                }
            });
        }

        String url() {
            return "http://127.0.0.1:" + socket.getLocalPort();
        }

        private static void forward(Socket from, Socket to, boolean flips) throws Exception {
            try (from;
                    to) {
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream();
                byte[] buffer = new byte[64 * 1024];
                for (int read = in.read(buffer); read > 0; read = in.read(buffer)) {
                    byte[] sent = Arrays.copyOf(buffer, read);
                    if (flips && new String(sent, UTF_8).endsWith(new String(PICTURE, UTF_8))) {
                        sent[read - 1] ^= 1;
                    }
                    out.write(sent);
                }
            }
        }

        private interface Work {
            void run() throws Exception;
        }

        private static void start(Work work) {
            Thread thread = new Thread(() -> {
                try {
                    work.run();
                } catch (Exception closed) {
                    return;
                }
            });
            thread.setDaemon(true);
            thread.start();
        }

        @Override
        public void close() throws Exception {
            socket.close();
        }
    }
}
