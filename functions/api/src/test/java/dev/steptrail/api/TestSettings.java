package dev.steptrail.api;

import dev.steptrail.store.TestDatabase;
import dev.steptrail.store.roles.FunctionLogin;
import java.util.HashMap;
import java.util.Map;

/** The environment of a function whose bucket, queue and issuer do not exist. */
final class TestSettings {
    private TestSettings() {}

    /** @param changed the settings that differ in a test */
    static Map<String, String> of(TestDatabase database, Map<String, String> changed) {
        Map<String, String> settings = unreachable(changed);
        database.settings(FunctionLogin.API).forEach(settings::putIfAbsent);
        return settings;
    }

    /** Same without a database. */
    static Map<String, String> unreachable(Map<String, String> changed) {
        Map<String, String> settings = new HashMap<>(Map.of(
                "STEPTRAIL_BUCKET", "trail",
                "STEPTRAIL_EXPORTS_QUEUE_URL", "http://127.0.0.1:1/000000000000/exports.fifo",
                "STEPTRAIL_JOBS_QUEUE_URL", "http://127.0.0.1:1/000000000000/jobs.fifo",
                "STEPTRAIL_ISSUER", "https://issuer.example.com/pool",
                "STEPTRAIL_CLIENT_ID", "viewer",
                "AWS_REGION", "eu-central-1",
                "AWS_ACCESS_KEY_ID", "AKIDEXAMPLE",
                "AWS_SECRET_ACCESS_KEY", "secret"));
        settings.putAll(changed);
        return settings;
    }
}
