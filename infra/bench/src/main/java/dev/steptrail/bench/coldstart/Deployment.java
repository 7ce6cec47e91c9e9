package dev.steptrail.bench.coldstart;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * A deployed function.
 *
 * @param folder its unpacked zip
 * @param handler the name of its class
 * @param environment its variables, without those that {@link LambdaRuntime} sets
 */
record Deployment(Path folder, String handler, Map<String, String> environment) {
    Deployment {
        environment = Map.copyOf(environment);
    }

    /** Adds the variables that Lambda sets to the function's own. */
    static Deployment of(Path folder, String handler, Map<String, String> settings) {
        Map<String, String> environment = new HashMap<>(Map.of(
                "_HANDLER", handler,
                "LAMBDA_TASK_ROOT", folder.toString(),
                "AWS_LAMBDA_FUNCTION_NAME", "bench",
                "AWS_LAMBDA_FUNCTION_VERSION", "1",
                "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "1024",
                "AWS_LAMBDA_LOG_FORMAT", "JSON",
                "LANG", "en_US.UTF-8",
                "TZ", ":UTC"));
        environment.putAll(settings);
        return new Deployment(folder, handler, environment);
    }
}
