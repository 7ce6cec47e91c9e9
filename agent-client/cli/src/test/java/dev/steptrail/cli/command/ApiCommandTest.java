package dev.steptrail.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.cli.Steptrail;
import dev.steptrail.stepformat.ReservedPorts;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Error messages of commands that call the API. */
class ApiCommandTest {
    private static final String TASK = "0190163d-8694-739b-aea5-966c26f8ad91";
    private static final String TOKEN = "eyJhbGciOi.token";

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ''                     | eyJ | STEPTRAIL_API is not set (on AWS: the stack's output ApiUrl; with the local cloud: set -a; . .steptrail/local.env)
            https://api.example    | ''  | not signed in to https://api.example; run steptrail login, or set STEPTRAIL_TOKEN (with the local cloud: set -a; . .steptrail/local.env)
            api.example            | eyJ | STEPTRAIL_API is not a valid URL (expected https://host)
            ftp://api.example      | eyJ | STEPTRAIL_API is not a valid URL (expected https://host)
            https://me:pw@api.exa  | eyJ | STEPTRAIL_API is not a valid URL (expected https://host)
            http://127.0.0.1:99999 | eyJ | STEPTRAIL_API is not a valid URL (expected https://host)
            https://api exa        | eyJ | STEPTRAIL_API is not a valid URL (expected https://host)
            http://127.0.0.1.exam  | eyJ | STEPTRAIL_API must begin with https://, but is 'http://127.0.0.1.exam': http would send the token unencrypted, and is allowed only for localhost
            http://api.example     | eyJ | STEPTRAIL_API must begin with https://, but is 'http://api.example': http would send the token unencrypted, and is allowed only for localhost
            HTTP://192.168.0.2:80  | eyJ | STEPTRAIL_API must begin with https://, but is 'HTTP://192.168.0.2:80': http would send the token unencrypted, and is allowed only for localhost
            """)
    void missingOrInvalidSetting_isReportedInOneLine(String api, String token, String line) {
        Map<String, String> environment = Map.of("STEPTRAIL_API", api, "STEPTRAIL_TOKEN", token);

        for (List<String> command : List.of(List.of("restore", "1"), List.of("tasks"), List.of("screenshots", TASK))) {
            assertThat(run(environment, command.toArray(new String[0]))).isEqualTo(1);
            assertThat(takeErr()).isEqualTo("steptrail: " + line + System.lineSeparator());
        }
    }

    @Test
    void invalidToken_isNotQuoted() {
        assertThat(run(
                        Map.of("STEPTRAIL_API", "http://127.0.0.1:9", "STEPTRAIL_TOKEN", "秘密 " + TOKEN),
                        "agents",
                        "list"))
                .isEqualTo(1);
        assertThat(takeErr())
                .startsWith("steptrail: STEPTRAIL_TOKEN is not a valid token (expected ")
                .doesNotContain(TOKEN);
    }

    /** No server listens on port 9. */
    @ParameterizedTest
    @ValueSource(strings = {"http://localhost:9", "http://127.0.0.1:9", "http://127.9.9.9:9", "http://[::1]:9"})
    void localApi_mayUseHttp(String address) {
        assertThat(run(Map.of("STEPTRAIL_API", address, "STEPTRAIL_TOKEN", TOKEN), "agents", "list"))
                .isEqualTo(1);

        assertThat(takeErr()).startsWith("steptrail: STEPTRAIL_API: " + address + " cannot be reached; ");
    }

    @Test
    void unreachableApi_isReportedInOneLine() {
        String address = "http://127.0.0.1:" + ReservedPorts.reserve();

        assertThat(run(Map.of("STEPTRAIL_API", address + "/", "STEPTRAIL_TOKEN", TOKEN), "rejected", "list"))
                .isEqualTo(1);

        assertThat(takeErr())
                .isEqualTo("steptrail: STEPTRAIL_API: " + address + " cannot be reached; check that the address is"
                        + " correct and that the API is running" + System.lineSeparator());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "rejected",
                "agents",
                "rejected discard",
                "rejected show",
                "rejected list --limit 0",
                "agents add ann",
                "agents add * --owner ann",
                "agents add .. --owner ann",
                "agents add a/b --owner ann",
                "agents add --owner ann",
                "agents remove",
                "agents sell",
                "tasks --limit 0",
                "tasks --since yesterday",
                "tasks --since 2026-05-14T09:41:00",
                "insights all",
                "insights --limit 0",
                "steps",
                "steps ..",
                "steps 0190163D-8694-739b-aea5-966c26f8ad91",
                "steps 0190163d-8694-739b-aea5-966c26f8ad91 --success perhaps",
                "steps 0190163d-8694-739b-aea5-966c26f8ad91 --order up",
                "steps 0190163d-8694-739b-aea5-966c26f8ad91 --limit 0",
                "report",
                "report 0190163d-8694-739b-aea5-966c26f8ad91 --json --format md",
                "screenshots",
                "verdicts",
                "verdicts list",
                "verdicts set 0190163d-8694-739b-aea5-966c26f8ad91 NaN",
                "tag",
                "tag add 0190163d-8694-739b-aea5-966c26f8ad91 ..",
                "tag remove 0190163d-8694-739b-aea5-966c26f8ad91 nightly .",
                "tag add 0190163d-8694-739b-aea5-966c26f8ad91 a/b",
                "tag add 0190163d-8694-739b-aea5-966c26f8ad91 a\\b",
                "label add 0190163d-8694-739b-aea5-966c26f8ad91 3 100%",
                "label",
                "label add 0190163d-8694-739b-aea5-966c26f8ad91 3",
                "label add 0190163d-8694-739b-aea5-966c26f8ad91 0 bad",
                "label add 0190163d-8694-739b-aea5-966c26f8ad91 one bad",
                "label remove 0190163d-8694-739b-aea5-966c26f8ad91 3 ..",
                "note",
                "note add 0190163d-8694-739b-aea5-966c26f8ad91",
                "note edit 0190163d-8694-739b-aea5-966c26f8ad91 one text",
                "note add 0190163d-8694-739b-aea5-966c26f8ad91 text --step one",
                "share",
                "share 0190163d-8694-739b-aea5-966c26f8ad91 --for ever",
                "share 0190163d-8694-739b-aea5-966c26f8ad91 --for P7D",
                "share 0190163d-8694-739b-aea5-966c26f8ad91 --list --revoke 1",
                "share 0190163d-8694-739b-aea5-966c26f8ad91 --list --include-sensitive",
                "share 0190163d-8694-739b-aea5-966c26f8ad91 --revoke one",
                "login --timeout 0",
                "login --timeout soon",
                "login ann",
                "logout ann",
                "whoami ann",
                "token --json"
            })
    void wrongUsage_isReportedInOneLine_withExitCode2(String arguments) {
        assertThat(run(Map.of(), arguments.split(" "))).isEqualTo(2);
        assertThat(takeErr().lines())
                .singleElement()
                .asString()
                .startsWith("steptrail: ")
                .endsWith(" --help");
    }

    private int run(Map<String, String> environment, String... arguments) {
        return Steptrail.run(environment, new PrintWriter(out, true), new PrintWriter(err, true), arguments);
    }

    private String takeErr() {
        String taken = err.toString();
        err.getBuffer().setLength(0);
        return taken;
    }
}
