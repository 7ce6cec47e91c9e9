package dev.steptrail.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The {@code steptrail} command with somebody's token. */
record AdminCommands(Map<String, String> environment) {
    private static final Map<String, Object> ADMINS = Map.of("cognito:groups", List.of("steptrail-admin"));

    /** With that of an admin of this cloud. */
    static AdminCommands of(CloudProcess cloud) {
        try {
            return of(cloud, cloud.apiOf("root", ADMINS, Duration.ofHours(1)).token());
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    static AdminCommands of(CloudProcess cloud, String token) {
        Map<String, String> environment = new TreeMap<>(cloud.environment());
        environment.put("STEPTRAIL_TOKEN", token);
        return new AdminCommands(environment);
    }

    /** What it prints, without any trouble. */
    List<String> does(Object... arguments) throws Exception {
        Program.Result result = tries(arguments);
        assertThat(result.errors()).isEmpty();
        assertThat(result.exitCode()).isZero();
        return result.out();
    }

    Program.Result tries(Object... arguments) throws Exception {
        return Program.steptrail(environment, arguments).finish();
    }
}
