package dev.steptrail.bench.coldstart;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A function as it lies before its runtime.
 *
 * @param folder its unpacked deployable
 * @param handler the class
 * @param environment all of it, but for the API's address
 */
record Deployment(Path folder, String handler, Map<String, String> environment) {
    Deployment {
        environment = Map.copyOf(environment);
    }

    /** With the variables that Lambda itself sets beside the function's own. */
    static Deployment of(Path folder, String handler, Map<String, String> settings) {
        Map<String, String> environment = new HashMap<>(Map.of(
                "_HANDLER", handler,
                "LAMBDA_TASK_ROOT", folder.toString(),
                "AWS_LAMBDA_FUNCTION_NAME", "bench",
                "AWS_LAMBDA_FUNCTION_VERSION", "1",
                "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "1024",
                "AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand",
                "AWS_LAMBDA_LOG_FORMAT", "JSON",
                "LANG", "en_US.UTF-8",
                "TZ", ":UTC"));
        environment.putAll(settings);
        return new Deployment(folder, handler, environment);
    }

    /** In the order in which the runtime looks for classes in them. */
    List<Path> jars() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("lib"))) {
            return files.filter(file -> file.toString().endsWith(".jar"))
                    .sorted()
                    .toList();
        }
    }
}
