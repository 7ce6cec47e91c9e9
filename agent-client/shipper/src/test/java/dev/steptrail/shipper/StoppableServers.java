package dev.steptrail.shipper;

import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
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
        String messages = "jdbc:h2:file:" + folder.resolve("messages").toAbsolutePath() + ";WRITE_DELAY=0";
        stopSqs = new ElasticMQServer(new ElasticMQServerConfig(ConfigFactory.parseMap(Map.of(
                        "node-address",
                                Map.of("protocol", "http", "host", "127.0.0.1", "port", sqsPort, "context-path", ""),
                        "generate-node-address", false,
                        "rest-sqs",
                                Map.of(
                                        "enabled",
                                        true,
                                        "bind-port",
                                        sqsPort,
                                        "bind-hostname",
                                        "127.0.0.1",
                                        "sqs-limits",
                                        "strict"),
                        "queues", Map.of(),
                        "queues-storage",
                                Map.of(
                                        "enabled",
                                        true,
                                        "path",
                                        folder.resolve("queues.conf").toString()),
                        "messages-storage",
                                Map.of(
                                        "enabled",
                                        true,
                                        "driver-class",
                                        "org.h2.Driver",
                                        "uri",
                                        messages,
                                        "username",
                                        "",
                                        "password",
                                        "",
                                        "prune-data-on-init",
                                        false),
                        "auto-create-queues", Map.of("enabled", false, "template", Map.of()),
                        "aws", Map.of("region", "eu-west-1", "accountId", "000000000000")))))
                .start();
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
