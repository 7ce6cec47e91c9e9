package dev.steptrail.cli.tasks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.cli.ApiTestBase;
import dev.steptrail.cli.ScriptedApi.Response;
import dev.steptrail.cli.ScriptedApi.Run;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code steptrail share}. */
class ShareTest extends ApiTestBase {
    private static final String SHARES = "/api/tasks/" + TASK + "/shares";
    private static final Response MADE = Response.json(
            201,
            "{\"share_id\":1,\"token\":\"s3cr3t\",\"expires_at\":\"2026-05-21T09:41:00.5Z\",\"include_sensitive\":false}");

    @Test
    void newShare_isPrintedWithLinkAndUsage() {
        api.on("POST " + SHARES, MADE);

        Run run = api.run("share", TASK);

        assertThat(run.err()).isEmpty();
        assertThat(run.out()).containsOnlyOnce("s3cr3t");
        assertThat(run.out().lines())
                .contains(
                        "link     " + api.address() + "/shared/" + TASK + "#share=s3cr3t",
                        "expires  2026-05-21T17:41:00+08:00",
                        "share    1, without sensitive screenshots, without owner, device and S3 keys, without verdicts,"
                                + " tags, labels and notes, without tokens, cost and model calls",
                        "  curl -H \"X-Steptrail-Share: $TOKEN\" " + api.address() + "/api/shared/tasks/" + TASK
                                + "/report",
                        "  steptrail share " + TASK + " --revoke 1");
        assertThat(api.requests()).singleElement().satisfies(request -> assertThat(request.body())
                .isEqualTo("{\"expires_in\":\"P7D\",\"include_sensitive\":false,\"include_details\":false,"
                        + "\"include_judgements\":false,\"include_model_calls\":false}"));
        assertThat(api.run("share", TASK, "--json").out()).contains("\"token\" : \"s3cr3t\"");
    }

    @ParameterizedTest
    @CsvSource({"30m,PT30M", "12h,PT12H", "1d,P1D", "366d,P366D"})
    void duration_isSentAsIso8601(String time, String iso) {
        api.on("POST " + SHARES, MADE);

        assertThat(api.run(
                                "share",
                                TASK,
                                "--for",
                                time,
                                "--include-sensitive",
                                "--details",
                                "--judgements",
                                "--model-calls")
                        .exitCode())
                .isZero();

        assertThat(api.requests()).singleElement().satisfies(request -> assertThat(request.body())
                .isEqualTo("{\"expires_in\":\"" + iso + "\",\"include_sensitive\":true,\"include_details\":true,"
                        + "\"include_judgements\":true,\"include_model_calls\":true}"));
    }

    @ParameterizedTest
    @CsvSource({"400d", "367d", "999999h"})
    void durationOfMoreThan366Days_isRejectedWithoutARequest(String time) {
        Run run = api.run("share", TASK, "--for", time);

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).startsWith("steptrail: --for must be at most 366d, but is '" + time + "'");
        assertThat(api.requests()).isEmpty();
    }

    @Test
    void list_printsShares() {
        api.on("GET " + SHARES, Response.json(200, """
                {"shares":[{"share_id":1,"created_by":"ann","created_at":"2026-05-14T09:41:00Z",
                 "expires_at":"2026-05-21T09:41:00Z","revoked_at":null,"include_sensitive":true,"include_details":false,
                 "include_judgements":true,"include_model_calls":false}],"next_cursor":null}"""));

        assertThat(api.run("share", TASK, "--list").out().lines())
                .containsExactly(
                        "SHARE ID  CREATED BY  CREATED                    EXPIRES                    REVOKED  SENSITIVE  DETAILS  JUDGEMENTS  MODEL CALLS",
                        "1         ann         2026-05-14T17:41:00+08:00  2026-05-21T17:41:00+08:00  -        yes        no       yes         no");
        assertThat(api.requestLines()).containsExactly("GET " + SHARES);
    }

    @Test
    void revoke_deletesShare() {
        api.on("DELETE " + SHARES + "/1", new Response(204, Map.of(), new byte[0]));

        assertThat(api.run("share", TASK, "--revoke", "1").out()).isEqualTo("revoked 1" + System.lineSeparator());
        assertThat(api.run("share", TASK, "--revoke", "1", "--json").out().strip())
                .isEqualTo("{\"revoked\":1}");
        assertThat(api.run("share", TASK, "--revoke", "2").exitCode()).isEqualTo(1);
    }
}
