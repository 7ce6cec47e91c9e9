package dev.steptrail.shipper;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.steptrail.shipper.fixture.LocalAws;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.localstack.LocalStackContainer;
import org.testcontainers.utility.DockerImageName;

/** Delivery to LocalStack, if Docker is available. */
class DeliveryToLocalStackIT extends DeliveryContract {
    /** Later images need a token. */
    private static final DockerImageName IMAGE = DockerImageName.parse("localstack/localstack:4.14.0");

    private static LocalStackContainer localStack;

    @BeforeAll
    static void startLocalStack() {
        boolean isDockerHere = DockerClientFactory.instance().isDockerAvailable();
        if (!isDockerHere) {
            System.out.println(
                    "DeliveryToLocalStackIT is skipped: Docker is not available"); // Maven does not print the reason
        }
        assumeTrue(isDockerHere, "skipped: Docker is not available");
        localStack = new LocalStackContainer(IMAGE).withServices("s3", "sqs");
        localStack.start();
    }

    @AfterAll
    static void stopLocalStack() {
        if (localStack != null) {
            localStack.stop();
        }
    }

    @Override
    LocalAws place() {
        return new LocalAws(Map.of(
                "AWS_REGION",
                localStack.getRegion(),
                "AWS_ACCESS_KEY_ID",
                localStack.getAccessKey(),
                "AWS_SECRET_ACCESS_KEY",
                localStack.getSecretKey(),
                "AWS_ENDPOINT_URL_SQS",
                localStack.getEndpoint().toString(),
                "AWS_ENDPOINT_URL_S3",
                localStack.getEndpoint().toString()));
    }
}
