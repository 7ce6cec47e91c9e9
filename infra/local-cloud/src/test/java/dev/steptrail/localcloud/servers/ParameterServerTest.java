package dev.steptrail.localcloud.servers;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.steptrail.aws.ParameterException;
import dev.steptrail.aws.ParameterStore;
import dev.steptrail.aws.ParameterStoreContract;
import dev.steptrail.aws.Settings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ParameterServerTest extends ParameterStoreContract {
    @TempDir
    private Path folder;

    private ParameterServer server;

    @BeforeEach
    void startServer() throws IOException {
        server = ParameterServer.start(folder, 0, "a1b2");
    }

    @AfterEach
    void stopServer() {
        server.close();
    }

    @Override
    protected Settings settings() {
        return settings(ParameterServer.url(server.port(), "a1b2"));
    }

    private static Settings settings(String url) {
        return new Settings(Map.of(
                "AWS_ENDPOINT_URL_SSM", url,
                "AWS_REGION", "us-east-1",
                "AWS_ACCESS_KEY_ID", "LOCALKEY",
                "AWS_SECRET_ACCESS_KEY", "secret"));
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
        server = ParameterServer.start(folder, 0, "a1b2");
        assertThat(new ParameterStore(settings()).get("/steptrail/../../a")).isEqualTo("value");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", "/a1b", "/a1b3", "/a1b2c"})
    void requestWithoutTheSecret_isRefused(String path) throws IOException {
        server.put("/steptrail/secret", "value");

        assertThatThrownBy(() -> new ParameterStore(settings("http://127.0.0.1:" + server.port() + path))
                        .get("/steptrail/secret"))
                .isInstanceOf(ParameterException.class)
                .hasMessageStartingWith("the parameter '/steptrail/secret' cannot be read (");
    }

    /** Another user of this machine can open connections without sending a complete request. */
    @Test
    void incompleteRequests_blockNoOthers() throws Exception {
        new ParameterStore(settings()).put("/steptrail/secret", "value");
        try (Socket headers = new Socket(InetAddress.getLoopbackAddress(), server.port());
                Socket body = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            headers.getOutputStream().write("POST / HTTP/1.1\r\n".getBytes(US_ASCII));
            body.getOutputStream()
                    .write("POST /a1b2/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n{".getBytes(US_ASCII));
            Thread.sleep(200); // until the server reads them

            assertThat(new ParameterStore(settings()).get("/steptrail/secret")).isEqualTo("value");
        }
    }
}
