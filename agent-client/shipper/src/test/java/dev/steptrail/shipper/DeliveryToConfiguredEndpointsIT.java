package dev.steptrail.shipper;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.steptrail.shipper.fixture.LocalAws;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;

/** Delivery to the SQS and S3 that the environment names, such as those in a local cloud's {@code local.env}. */
class DeliveryToConfiguredEndpointsIT extends DeliveryContract {
    private static final List<String> NAMES = List.of(
            "AWS_ENDPOINT_URL_SQS", "AWS_ENDPOINT_URL_S3", "AWS_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY");

    private static final Map<String, String> NAMED = new TreeMap<>();

    @BeforeAll
    static void lookForNames() {
        NAMES.forEach(name -> NAMED.put(name, System.getenv().getOrDefault(name, "")));
        boolean areNamed = NAMED.values().stream().noneMatch(String::isBlank);
        String reason = "skipped: the environment does not set all of " + String.join(", ", NAMES);
        if (!areNamed) {
            System.out.println("DeliveryToConfiguredEndpointsIT is " + reason); // Maven does not print the reason
        }
        assumeTrue(areNamed, reason);
    }

    @Override
    LocalAws place() {
        Map<String, String> servers = new TreeMap<>(NAMED);
        servers.put("AWS_SESSION_TOKEN", System.getenv().getOrDefault("AWS_SESSION_TOKEN", ""));
        return new LocalAws(servers);
    }

    @AfterEach
    void deleteQueueAndBucket() {
        aws.remove();
    }
}
