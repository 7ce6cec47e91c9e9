package dev.steptrail.shipper;

import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.elasticmq.server.ElasticMQServer;
import org.elasticmq.server.config.ElasticMQServerConfig;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;
import scala.Function0;

/** An SQS and an S3 that stop and start again, each on its port and with what it held. */
final class StoppableServers implements AutoCloseable {
    private final Path folder;
    private final int sqsPort = freePort();
    private final int s3Port = freePort();
    private Function0<?> stopSqs;
    private S3Proxy s3;

    StoppableServers(Path folder) throws Exception {
        this.folder = folder;
        Files.createDirectories(folder.resolve("bucket"));
        startSqs();
        startS3();
    }

    URI sqs() {
        return URI.create("http://127.0.0.1:" + sqsPort);
    }

    URI s3() {
        return URI.create("http://127.0.0.1:" + s3Port);
    }

    void startSqs() {
        String settings = """
                node-address { protocol = http, host = 127.0.0.1, port = %1$d, context-path = "" }
                generate-node-address = false
                rest-sqs { enabled = true, bind-port = %1$d, bind-hostname = 127.0.0.1, sqs-limits = strict }
                queues {}
                queues-storage { enabled = true, path = "%2$s/queues.conf" }
                messages-storage {
                  enabled = true, driver-class = org.h2.Driver, uri = "jdbc:h2:file:%2$s/messages;WRITE_DELAY=0"
                  username = "", password = "", prune-data-on-init = false
                }
                auto-create-queues { enabled = false, template {} }
                aws { region = eu-west-1, accountId = "000000000000" }
                """.formatted(sqsPort, folder.toAbsolutePath());
        stopSqs = new ElasticMQServer(new ElasticMQServerConfig(ConfigFactory.parseString(settings))).start();
    }

    void stopSqs() {
        stopSqs.apply();
    }

    void startS3() throws Exception {
        s3 = S3Proxy.builder()
                .blobStore(new FilesystemNio2BlobStore(folder.resolve("bucket").toString()))
                .endpoint(s3())
                .awsAuthentication(AuthenticationType.AWS_V2_OR_V4, "key", "secret")
                .ignoreUnknownHeaders(true)
                .stopTimeout(0) // what is open is cut
                .build();
        s3.start();
    }

    void stopS3() throws Exception {
        s3.stop();
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() throws Exception {
        stopSqs();
        stopS3();
    }
}
