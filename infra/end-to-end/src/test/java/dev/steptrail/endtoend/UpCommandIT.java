package dev.steptrail.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The {@code up} command: its output, and its exit codes on errors. */
class UpCommandIT {
    private final CloudProcess cloud = CloudProcess.shared();

    @Test
    void localEnv_isReadTheSameByShAndBash() throws Exception {
        Path file = cloud.data().resolve("local.env");

        assertThat(LocalEnv.load("bash", file))
                .isEqualTo(LocalEnv.load("sh", file))
                .containsOnlyKeys(
                        "AWS_ACCESS_KEY_ID",
                        "AWS_ENDPOINT_URL_S3",
                        "AWS_ENDPOINT_URL_SQS",
                        "AWS_REGION",
                        "AWS_SECRET_ACCESS_KEY",
                        "STEPTRAIL_API",
                        "STEPTRAIL_BUCKET",
                        "STEPTRAIL_QUEUE_URL",
                        "STEPTRAIL_SENDER",
                        "STEPTRAIL_TOKEN");
    }

    @Test
    void data_isAccessibleOnlyToItsOwner() throws Exception {
        assertThat(Files.getPosixFilePermissions(cloud.data())).isEqualTo(PosixFilePermissions.fromString("rwx------"));
        assertThat(Files.getPosixFilePermissions(cloud.data().resolve("local.env")))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }

    @Test
    void secondCloudOnTheSameFolder_failsWithOneLine() throws Exception {
        Program.Result second = Program.up("--data", cloud.data()).finish();

        assertThat(second.exitCode()).isEqualTo(1);
        assertThat(second.errors())
                .containsExactly("up: a local cloud is already running on " + cloud.data()
                        + "; stop it, or choose another folder with --data");
    }

    @Test
    void token_isValidForARunningCloud() throws Exception {
        String path = "/api/tasks/" + Imports.samples().taskOf("torch-no-steps.json");

        assertThat(withTokenOf("ann").get(path).status()).isEqualTo(404);
        assertThat(withTokenOf("ann", "--admin").get(path).status()).isEqualTo(200);
    }

    private Api withTokenOf(String user, Object... more) throws Exception {
        Program.Result token = more.length == 0
                ? Program.up("--data", cloud.data(), "--token", user).finish()
                : Program.up("--data", cloud.data(), "--token", user, more[0]).finish();
        assertThat(token.exitCode()).isZero();
        assertThat(token.out()).hasSize(1);
        return new Api(cloud.api().address(), token.out().get(0));
    }

    @Test
    void tokenWithoutACloud_failsWithOneLine(@TempDir Path temporary) throws Exception {
        Program.Result token = Program.up("--data", temporary.resolve("none"), "--token", "ann")
                .finish();

        assertThat(token.exitCode()).isEqualTo(1);
        assertThat(token.errors()).singleElement().asString().startsWith("up: no local cloud has been started in ");
    }

    @Test
    void wrongUsage_exitsWithStatus2AndOneLine(@TempDir Path temporary) throws Exception {
        Path data = temporary.resolve("data");

        Program.Result up = Program.up("--data", data, "--tokn=ann").finish();

        assertThat(up.exitCode()).isEqualTo(2);
        assertThat(up.out()).isEmpty();
        assertThat(up.errors()).singleElement().asString().startsWith("up: ").contains("--tokn");
        assertThat(data).doesNotExist();
    }

    @Test
    void portInUse_failsWithOneLineThatContainsIt(@TempDir Path temporary) throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(other.getLocalPort());

            Program.Result up = Program.up("--data", temporary, "--port", port, "--exit", "--demo")
                    .finish();

            assertThat(up.exitCode()).isEqualTo(1);
            assertThat(up.errors()).singleElement().asString().startsWith("up: port " + port + " cannot be used");
        }
    }
}
