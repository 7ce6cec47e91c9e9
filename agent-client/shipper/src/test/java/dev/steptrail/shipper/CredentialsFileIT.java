package dev.steptrail.shipper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.steptrail.stepformat.LocalS3;
import dev.steptrail.stepformat.Waiting;
import dev.steptrail.tracker.internal.outbox.TaskWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import software.amazon.awssdk.core.SdkSystemSetting;
import software.amazon.awssdk.profiles.ProfileFileSystemSetting;

/** The credentials file is created or renewed while a shipper runs. */
@Isolated("sets the credentials file for the whole process")
class CredentialsFileIT extends LocalAwsTestBase {
    private static final List<String> PROPERTIES = List.of(
            ProfileFileSystemSetting.AWS_SHARED_CREDENTIALS_FILE.property(),
            ProfileFileSystemSetting.AWS_CONFIG_FILE.property(),
            SdkSystemSetting.AWS_EC2_METADATA_DISABLED.property());

    private final Map<String, String> environment = new HashMap<>(aws.environment());
    private Path file;
    private int writes;

    @BeforeEach
    void usePathOfMissingFile() {
        assumeTrue(System.getenv("AWS_ACCESS_KEY_ID") == null, "a key of the environment goes before any file");
        file = folder.resolve("credentials");
        System.setProperty(PROPERTIES.get(0), file.toString());
        System.setProperty(PROPERTIES.get(1), folder.resolve("config").toString());
        System.setProperty(PROPERTIES.get(2), "true");
        environment.keySet().removeAll(List.of("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"));
    }

    @AfterEach
    void useDefaultFile() {
        PROPERTIES.forEach(System::clearProperty);
    }

    @Test
    void changedCredentials_areFound_andReplaceRejectedOnes() throws Exception {
        try (TaskWriter writer = outbox.newTask(task.task());
                Shipper shipper =
                        Shipper.open(outbox, ShipperSettings.from(environment)).orElseThrow()) {
            writer.append(task.step(1, noise(300_000))); // goes to S3, which checks the secret
            assertThatThrownBy(shipper::shipAll).hasMessageStartingWith("No AWS credentials");

            signIn("not-the-secret");
            assertThatThrownBy(shipper::shipAll).hasMessageStartingWith("AWS_SECRET_ACCESS_KEY does not match");

            signIn(LocalS3.SECRET_KEY);
            shipper.shipAll();
            assertThat(aws.records()).hasSize(1);

            signIn("not-the-secret");
            // The SDK checks the file once a second.
            Waiting.until("the queue refuses the new key", () -> isRefusedWith(writer, shipper));
        }
    }

    private boolean isRefusedWith(TaskWriter writer, Shipper shipper) throws IOException {
        writer.append(task.step(++writes, noise(300_000)));
        try {
            shipper.shipAll();
            return false;
        } catch (ShipException refused) {
            return refused.problem() == ShipProblem.CREDENTIALS;
        }
    }

    private void signIn(String secret) throws IOException {
        Files.writeString(
                file,
                "[default]\naws_access_key_id = " + LocalS3.ACCESS_KEY + "\naws_secret_access_key = " + secret + "\n");
        // Two writes with the same file time would not be detected as a change.
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(writes++)));
    }
}
