package dev.steptrail.localcloud;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class WrongUsageTest {
    @ParameterizedTest
    @CsvSource({
        "--admin, --token",
        "--port=many, --port",
        "--port=-5, 0 to 65535",
        "--port=70000, 0 to 65535",
        "--parameter=UrlLifetme=PT1M, UrlLifetme",
        "--parameter=UrlLifetime, --parameter",
        "--token=, --token",
        "--tokn=ann, --tokn"
    })
    void wrongUsage_returnsTwo_andPrintsOneLine(String argument, String named, @TempDir Path temporary) {
        Path data = temporary.resolve("data");
        StringWriter errors = new StringWriter();

        int exitCode = LocalCloud.commandLine()
                .setErr(new PrintWriter(errors, true))
                .execute("--data", data.toString(), "--template", "../../sam-template.yaml", argument);

        assertThat(exitCode).isEqualTo(2);
        assertThat(errors.toString().lines())
                .singleElement()
                .asString()
                .startsWith("up: ")
                .contains(named);
        assertThat(data).doesNotExist();
    }
}
