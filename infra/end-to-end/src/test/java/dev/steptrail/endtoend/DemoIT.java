package dev.steptrail.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code up --demo --exit} runs the whole path from the tracker to the API. */
@Tag("nightly")
class DemoIT {
    @Test
    void demo_recordsARun_readsItBack_andExitsWithZero(@TempDir Path temporary) throws Exception {
        Path data = temporary.resolve("data");

        Program.Result result = Program.up("--demo", "--exit", "--data", data).finish();

        assertThat(result.errors()).isEmpty();
        assertThat(result.exitCode()).isZero();
        assertThat(result.out()).hasSize(8);
        assertThat(result.out().get(0)).matches("ready http://127\\.0\\.0\\.1:\\d+");
        String url = result.out().get(0).substring("ready ".length());
        assertThat(result.out().get(1)).isEqualTo("viewer " + url + "/");
        assertThat(result.out().get(2)).matches("demo  recorded 13 steps of task [0-9a-f-]{36}: .+");
        assertThat(result.out().get(3)).matches("demo  shipped 15 records and 25 screenshots");
        assertThat(result.out().get(4)).isEqualTo("demo  read back 13 steps (2 failed), end reason finished");
        assertThat(result.out().get(5))
                .matches(Pattern.compile(
                        "demo  /api/steps/[0-9a-f-]{36}\\.1/screenshot is [1-9]\\d{3,} bytes of image/webp"));
        String task = result.out().get(2).replaceFirst(".* of task ([0-9a-f-]+): .*", "$1");
        assertThat(result.out().get(6)).isEqualTo("demo  open " + url + "/tasks/" + task + "?login_hint=demo");
        assertThat(result.out().get(7)).isEqualTo("demo  done");
        assertThat(Processes.postgresOn(data)).isEmpty();
    }
}
