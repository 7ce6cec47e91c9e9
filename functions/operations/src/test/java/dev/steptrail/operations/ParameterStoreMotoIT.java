package dev.steptrail.operations;

import dev.steptrail.aws.ParameterException;
import dev.steptrail.aws.ParameterStore;
import dev.steptrail.aws.ParameterStoreContract;
import dev.steptrail.aws.Settings;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** Tests the parameter store with moto's Systems Manager, which is independent of this project. */
@Tag("slow")
class ParameterStoreMotoIT extends ParameterStoreContract {
    private static final int MAX_FIRST_REQUESTS = 10;

    private static MotoServer server;

    @BeforeAll
    static void startServer() throws Exception {
        server = MotoServer.start();
        await(new ParameterStore(serverSettings()));
    }

    /** moto loads the emulated service during the first request, which may take longer than the client waits. */
    private static void await(ParameterStore store) {
        for (int attempt = 1; ; attempt++) {
            try {
                store.find("/none");
                return;
            } catch (ParameterException e) {
                if (attempt == MAX_FIRST_REQUESTS) {
                    throw e;
                }
            }
        }
    }

    @AfterAll
    static void stopServer() {
        if (server != null) {
            server.close();
        }
    }

    @Override
    protected Settings settings() {
        return serverSettings();
    }

    private static Settings serverSettings() {
        return new Settings(Map.of(
                "AWS_ENDPOINT_URL_SSM", server.url(),
                "AWS_REGION", "eu-central-1",
                "AWS_ACCESS_KEY_ID", "AKIDEXAMPLE",
                "AWS_SECRET_ACCESS_KEY", "secret"));
    }
}
