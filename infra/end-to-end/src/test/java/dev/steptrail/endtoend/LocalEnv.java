package dev.steptrail.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Reads DIR/local.env with a shell. */
final class LocalEnv {
    private LocalEnv() {}

    /** Returns the variables that {@code set -a; . FILE} exports. */
    static Map<String, String> load(String shell, Path file) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(shell, "-c", "set -a; . \"$1\"; env", shell, file.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().keySet().retainAll(List.of("PATH"));
        Process process = builder.start();
        Map<String, String> environment = new TreeMap<>();
        process.inputReader().lines().forEach(line -> {
            String[] pair = line.split("=", 2);
            if (pair[0].startsWith("AWS_") || pair[0].startsWith("STEPTRAIL_")) {
                environment.put(pair[0], pair[1]);
            }
        });
        assertThat(process.waitFor()).isZero();
        return environment;
    }
}
