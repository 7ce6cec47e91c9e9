package dev.steptrail.aws;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.lang.reflect.Field;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.utils.cache.FifoCache;

/** Tests credentials from an endpoint, as in a function restored from a snapshot, with a local server. */
class AwsClientsTest {
    private static final String ENDPOINT = "aws.containerCredentialsFullUri";

    private final AtomicInteger requests = new AtomicInteger();
    private HttpServer server;

    @BeforeEach
    void startEndpoint() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            byte[] response = """
                    {"AccessKeyId":"id-%d","SecretAccessKey":"secret","Token":"token","Expiration":"2999-01-01T00:00:00Z"}""".formatted(requests.incrementAndGet()).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, response.length);
            exchange.getResponseBody().write(response);
            exchange.close();
        });
        server.start();
        System.setProperty(ENDPOINT, "http://127.0.0.1:" + server.getAddress().getPort() + "/");
        AwsClients.forgetCredentials();
    }

    @AfterEach
    void stopEndpoint() {
        System.clearProperty(ENDPOINT);
        AwsClients.forgetCredentials();
        server.stop(0);
    }

    @Test
    void processCredentials_areLoadedOnFirstUse_andAgainAfterTheyWereForgotten() {
        AwsCredentialsProvider credentials = AwsClients.processCredentials();
        assertThat(requests).as("requests while the function is initialised").hasValue(0);

        assertThat(credentials.resolveCredentials().accessKeyId()).isEqualTo("id-1");
        assertThat(credentials.resolveCredentials().accessKeyId()).isEqualTo("id-1");
        AwsClients.forgetCredentials();
        assertThat(credentials.resolveCredentials().accessKeyId()).isEqualTo("id-2");
    }

    @Test
    void forgetCredentials_leavesNoSecretInTheSigningKeysThatTheSdkCaches() throws Exception {
        String secret = "wJalrXUtnFEMI";
        AwsClients clients = new AwsClients(new Settings(Map.of(
                "AWS_REGION", "eu-central-1", "AWS_ACCESS_KEY_ID", "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY", secret)));
        clients.databaseTokens("localhost", 5432, "steptrail").get();
        assertThat(cachedSigningKeys()).as("what the SDK caches").contains(secret);

        AwsClients.forgetCredentials();

        assertThat(cachedSigningKeys()).isNotEmpty().doesNotContain(secret);
    }

    /** The SDK's cache is private and static, so only reflection shows what a snapshot of the process would contain. */
    private static String cachedSigningKeys() throws ReflectiveOperationException {
        Field cache = Class.forName("software.amazon.awssdk.auth.signer.internal.AbstractAws4Signer")
                .getDeclaredField("SIGNER_CACHE");
        cache.setAccessible(true);
        Field map = FifoCache.class.getDeclaredField("map");
        map.setAccessible(true);
        return ((Map<?, ?>) map.get(cache.get(null))).keySet().toString();
    }
}
