package dev.steptrail.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.junit.jupiter.api.AfterEach;

/** The base of tests that run commands against an API with scripted responses. */
public abstract class ApiTestBase {
    protected static final String TASK = "0190163d-8694-739b-aea5-966c26f8ad91";

    protected final ScriptedApi api;

    /** A file server in place of the bucket. */
    protected final ScriptedApi store;

    protected ApiTestBase() {
        try {
            api = new ScriptedApi();
            store = new ScriptedApi();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @AfterEach
    void closeServers() {
        api.close();
        store.close();
    }
}
