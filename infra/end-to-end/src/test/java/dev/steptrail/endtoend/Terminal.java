package dev.steptrail.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.steptrail.cli.Steptrail;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The {@code steptrail} command with one user's token. It runs in this process, which avoids a JVM start for each
 * command. {@link Program#steptrail} runs it in a separate process.
 */
record Terminal(Map<String, String> environment) {
    private static final Map<String, Object> ADMINS = Map.of("cognito:groups", List.of("steptrail-admin"));

    /** Returns a terminal with the token of an admin of this cloud. */
    static Terminal ofAdmin(CloudProcess cloud) {
        try {
            return of(cloud, cloud.apiOf("root", ADMINS, Duration.ofHours(1)).token());
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    static Terminal of(CloudProcess cloud, String token) {
        Map<String, String> environment = new TreeMap<>(cloud.environment());
        environment.put("STEPTRAIL_TOKEN", token);
        return new Terminal(environment);
    }

    /** Runs a command that must succeed. Returns the lines on standard output. */
    List<String> does(Object... arguments) {
        Program.Result result = tries(arguments);
        assertThat(result.errors()).isEmpty();
        assertThat(result.exitCode()).isZero();
        return result.out();
    }

    /** Runs a command that must succeed and print JSON. */
    JsonNode json(Object... arguments) throws IOException {
        return ExactJson.read(String.join("\n", does(arguments)).getBytes(StandardCharsets.UTF_8));
    }

    Program.Result tries(Object... arguments) {
        StringWriter out = new StringWriter();
        StringWriter errors = new StringWriter();
        int exitCode = Steptrail.run(
                environment,
                new PrintWriter(out, true),
                new PrintWriter(errors, true),
                Stream.of(arguments).map(Object::toString).toArray(String[]::new));
        return new Program.Result(
                exitCode,
                out.toString().lines().toList(),
                errors.toString().lines().toList());
    }
}
