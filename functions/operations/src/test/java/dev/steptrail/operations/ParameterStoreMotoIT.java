package dev.steptrail.operations;

import dev.steptrail.aws.ParameterStoreContract;
import dev.steptrail.aws.Settings;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** Tests the parameter store with moto's Systems Manager, which is independent of this project. */
@Tag("slow")
class ParameterStoreMotoIT extends ParameterStoreContract {
    private static MotoServer server;

    @BeforeAll
    static void startServer() throws Exception {
        server = MotoServer.start();
    }

    @AfterAll
    static void stopServer() {
        if (server != null) {
            server.close();
        }
    }

    @Override
    protected Settings settings() {
        return new Settings(Map.of(
                "AWS_ENDPOINT_URL_SSM", server.url(),
                "AWS_REGION", "eu-central-1",
                "AWS_ACCESS_KEY_ID", "AKIDEXAMPLE",
                "AWS_SECRET_ACCESS_KEY", "secret"));
    }
}
