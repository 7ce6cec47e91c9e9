package dev.steptrail.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;

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
}
