package dev.steptrail.aws;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;

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
}
