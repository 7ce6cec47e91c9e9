package dev.steptrail.localcloud.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.steptrail.aws.ParameterException;
import dev.steptrail.aws.ParameterStore;
import dev.steptrail.aws.ParameterStoreContract;
import dev.steptrail.aws.Settings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ParameterServerTest extends ParameterStoreContract {
    @TempDir
    private Path folder;

    private int port;
    private ParameterServer server;

    @BeforeEach
    void startServer() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        server = ParameterServer.start(folder, port, "LOCALKEY");
    }

    @AfterEach
    void stopServer() {
        server.close();
    }

    @Override
    protected Settings settings() {
        return settings("LOCALKEY");
    }

    private Settings settings(String accessKey) {
        return new Settings(Map.of(
                "AWS_ENDPOINT_URL_SSM",
                "http://127.0.0.1:" + port,
                "AWS_REGION",
                "us-east-1",
                "AWS_ACCESS_KEY_ID",
                accessKey,
                "AWS_SECRET_ACCESS_KEY",
                "secret"));
    }

    @Test
    void values_areFilesOfTheirOwnerInTheFolder_andSurviveARestart() throws IOException {
        new ParameterStore(settings()).put("/steptrail/../../a", "value");

        try (Stream<Path> files = Files.walk(folder)) {
            List<Path> found = files.filter(Files::isRegularFile).toList();
            assertThat(found).singleElement().satisfies(file -> {
                assertThat(file.getParent()).isEqualTo(folder);
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                        .isEqualTo("rw-------");
            });
        }
        server.close();
        server = ParameterServer.start(folder, port, "LOCALKEY");
        assertThat(new ParameterStore(settings()).get("/steptrail/../../a")).isEqualTo("value");
    }

    @Test
    void requestWithAnotherAccessKey_isRefused() throws IOException {
        server.put("/steptrail/secret", "value");

        assertThatThrownBy(() -> new ParameterStore(settings("OTHERKEY")).get("/steptrail/secret"))
                .isInstanceOf(ParameterException.class)
                .hasMessage("the parameter '/steptrail/secret' cannot be read (UnrecognizedClientException: the access"
                        + " key's id is not that of this local cloud)");
    }
}
