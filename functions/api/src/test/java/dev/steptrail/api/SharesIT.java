package dev.steptrail.api;

import static dev.steptrail.store.TestRecords.step;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.steptrail.aws.TestBucket;
import dev.steptrail.stepformat.ExperimentCase;
import dev.steptrail.stepformat.FrameRole;
import dev.steptrail.stepformat.Screenshot;
import dev.steptrail.stepformat.Step;
import dev.steptrail.stepformat.TaskEnded;
import dev.steptrail.stepformat.TaskStarted;
import dev.steptrail.stepformat.TaskStatus;
import dev.steptrail.stepformat.UuidV7;
import dev.steptrail.store.TestRecords;
import dev.steptrail.store.admin.ShareRepository;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests share links. */
class SharesIT extends ApiTestBase {
    private static final String SHARE = "POST /api/tasks/{task_id}/shares";
    private static final String SHARES = "GET /api/tasks/{task_id}/shares";
    private static final String REVOKE = "DELETE /api/tasks/{task_id}/shares/{share_id}";
    private static final List<String> SHARED = Stream.of(TASK, STEPS, REPORT, SCREENSHOTS, SCREENSHOT)
            .map(route -> route.replace("/api/", "/api/shared/"))
            .toList();

    private static final String SCREENSHOTS_BY_LINK = SHARED.get(3);
    private static final UUID PREVIOUS_TASK = UUID.fromString("019b1ed6-ce02-7a41-b1c5-2f8a90d3e671");

    private static final String[] DETAILS = {
        "phone-7", "rack-3", "start-9", "end-9", "own-9", "shot-9", "payloads/", "ann.lee", PREVIOUS_TASK.toString()
    };

    /** Fields of a step whose names the format defines, with values that it does not. */
    private static final String DETAILED_DATA = """
            {
              "payload_path": "payloads/AIDAALICE/1",
              "timings": {"model_ms": 1200, "on": "/home/ann.lee"},
              "resources": {"cpu": 0.5, "by": {"user": "ann.lee"}},
              "lost_screenshots": [
                {"role": "before", "count": 2, "reason": "/home/ann.lee/bank/shot1.png", "device": "phone-7"},
                {"role": "ann.lee", "count": "1", "screenshot_path": "payloads/AIDAALICE/3"},
                "ann.lee"
              ],
              "truncated_fields": {"thinking": 300000, "action": "ann.lee", "/home/ann.lee": 1},
              "shortened_fields": ["ann.lee"]
            }
            """;

    private static final TestBucket BUCKET = TestBucket.empty();

    private final Api anonymous = new Api(new ApiHandler(TestSettings.of(DATABASE, BUCKET.settings())), null);

    @Test
    void token_grantsAccessToItsTaskOnly() {
        writeScreenshots();
        UUID other = UuidV7.at(TestRecords.START);
        write(step(other, 1));
        String token = share("{}").get("token").asText();

        for (String route : SHARED) {
            assertThat(shared(route, task, token).status()).as(route).isEqualTo(200);
            Api.Answer unknown = shared(route, UUID.randomUUID(), token);
            assertThat(unknown.status()).isEqualTo(404);
            assertThat(shared(route, other, token)).isEqualTo(unknown);
            assertThat(shared(route, task, "no-such-token")).isEqualTo(unknown);
            assertThat(shared(route, task, "x".repeat(10_240))).isEqualTo(unknown);
            assertThat(anonymous
                            .call(route, path(route, task), "", null, Map.of())
                            .status())
                    .isEqualTo(401);
        }
        assertThat(anonymous.get(TASK, task.toString(), "").status()).isEqualTo(401);
    }

    @Test
    void sensitiveScreenshots_areOmitted_unlessTheLinkIncludesThem() {
        writeScreenshots();
        String without = share("{}").get("token").asText();
        String with = share("{\"include_sensitive\":true}").get("token").asText();

        assertThat(visibleScreenshots(without)).isEqualTo(List.of(1, 1, 200, 200, 404));
        assertThat(visibleScreenshots(with)).isEqualTo(List.of(2, 2, 200, 200, 200));
        assertThat(alice.get(SCREENSHOTS, task.toString(), "").json().get("screenshots"))
                .hasSize(2);
        assertThat(shared(SHARED.get(1), task, without).body()).doesNotContain("secret.webp");
        assertThat(shared(SHARED.get(3), task, without).body()).doesNotContain("secret.webp");
    }

    @Test
    void report_inAnyFormat_omitsSensitiveScreenshots() {
        writeScreenshots();
        String without = share("{}").get("token").asText();
        String with = share("{\"include_sensitive\":true}").get("token").asText();

        assertThat(keyScreenshots(without)).containsExactly("before");
        assertThat(keyScreenshots(with)).containsExactly("before", "after");
        assertThat(report(without, "md").body()).contains("| 1 | before |").doesNotContain("| 1 | after |");
        assertThat(report(with, "md").body()).contains("| 1 | before |", "| 1 | after |");
        assertThat(report(without, "html").status()).isEqualTo(400);
        assertThat(report(without, "pdf").status()).isEqualTo(400);
    }

    @Test
    void sharedRoutes_hideOwnerDeviceAndKeys_unlessTheLinkIncludesDetails() {
        writeTaskWithDetails();
        String without = share("{}").get("token").asText();
        String with = share("{\"include_details\":true}").get("token").asText();

        assertThat(sharedBodies(without)).hasSize(7).allSatisfy((route, body) -> assertThat(body)
                .as(route)
                .doesNotContain(DETAILS)
                .doesNotContain(task + "/", "AIDAALICE", "alice"));
        assertThat(sharedBodies(without).get(SHARED.get(0)))
                .contains("{\"dropped_steps\":{\"queue_full\":3},\"truncated_fields\":{}}");
        assertThat(sharedBodies(without).get(SHARED.get(1)))
                .contains("\"model_ms\":1200", "[{\"role\":\"before\",\"count\":2},{},{}]", "{\"thinking\":300000}");
        assertThat(sharedBodies(without).get(SHARED.get(2))).contains("\"total_lost_screenshots\":4");
        Map<String, String> complete = sharedBodies(with);
        assertThat(complete.get(SHARED.get(0)))
                .contains("alice", "phone-7", "rack-3", "start-9", "end-9", PREVIOUS_TASK.toString());
        assertThat(complete.get(SHARED.get(1))).contains(key("a.webp"), key("t.webp"), "payloads/", "own-9", "shot-9");
        assertThat(complete.get(SHARED.get(1))).contains("/home/ann.lee/bank/shot1.png");
        assertThat(complete.get(SHARED.get(2))).contains("alice", "phone-7", "/home/ann.lee/bank/shot1.png");
        assertThat(complete.get(SHARED.get(3))).contains(key("a.webp"), key("t.webp"), "shot-9");
        assertThat(complete.get(SHARED.get(2) + " csv")).contains(key("a.webp"));
        assertThat(complete.get(SHARED.get(2) + " md")).contains("alice", "phone-7");
    }

    @Test
    void linkWithoutDetails_getsImagesFromTheApi() {
        writeTaskWithDetails();
        store("a.webp", "image a");
        store("t.webp", "thumbnail of a");
        String token = share("{}").get("token").asText();
        JsonNode list = shared(SCREENSHOTS_BY_LINK, task, token).json();
        JsonNode listed = list.get("screenshots").get(0);
        JsonNode single = screenshot(token, "redirect=false").json();

        String url = "/api/shared/steps/" + task + ".1/screenshot?index=0";
        for (JsonNode urls : List.of(listed, single)) {
            assertThat(urls.get("url").asText()).isEqualTo(url);
            assertThat(urls.get("thumbnail_url").asText()).isEqualTo(url + "&thumbnail=true");
        }
        assertThat(list.get("expires_at").isNull()).isTrue();
        assertThat(single.get("expires_at").isNull()).isTrue();
        Api.Answer image = screenshot(token, "index=0");
        assertThat(image.status()).isEqualTo(200);
        assertThat(image.body()).isEqualTo("image a");
        assertThat(image.headers())
                .containsEntry("content-type", "image/webp")
                .containsEntry("cache-control", "private, no-cache")
                .containsEntry("x-content-type-options", "nosniff")
                .doesNotContainKey("location");
        assertThat(screenshot(token, "").body()).isEqualTo("image a");
        assertThat(screenshot(token, "role=before").body()).isEqualTo("image a");
        assertThat(screenshot(token, "index=0&thumbnail=true").body()).isEqualTo("thumbnail of a");
        for (String missing : List.of("index=1", "index=0&role=after")) {
            assertThat(screenshot(token, missing).status()).as(missing).isEqualTo(404);
        }
        for (String invalid : List.of("index=-1", "index=100", "index=00", "thumbnail=yes")) {
            assertThat(screenshot(token, invalid).status()).as(invalid).isEqualTo(400);
        }
    }

    @Test
    void imageByALink_isRevalidatedByItsHash() {
        writeTaskWithDetails();
        store("a.webp", "image a");
        store("t.webp", "thumbnail of a");
        String token = share("{}").get("token").asText();

        String tag = screenshot(token, "").headers().get("etag");
        Api.Answer again = screenshot(token, "", tag);

        assertThat(again.status()).isEqualTo(304);
        assertThat(again.headers()).containsEntry("etag", tag);
        assertThat(screenshot(token, "thumbnail=true", tag).status()).isEqualTo(200);
        DATABASE.execute("UPDATE step_screenshots SET file_hash = repeat('1', 64) WHERE task_id = '" + task + "'");
        assertThat(screenshot(token, "", tag).status()).isEqualTo(200);
    }

    @Test
    void linkWithDetails_getsPresignedUrls() {
        writeTaskWithDetails();
        String token = share("{\"include_details\":true}").get("token").asText();

        assertThat(screenshot(token, "").headers().get("location")).contains(key("a.webp") + "?", "X-Amz-Signature=");
        assertThat(screenshot(token, "index=0&thumbnail=true").headers().get("location"))
                .contains(key("t.webp") + "?");
        assertThat(shared(SCREENSHOTS_BY_LINK, task, token)
                        .json()
                        .get("screenshots")
                        .get(0)
                        .get("url")
                        .asText())
                .contains(key("a.webp") + "?", "X-Amz-Expires=");
    }

    @Test
    void imageThatCannotBeReturned_isAProblem() {
        write(TestRecords.withScreenshot(step(task, 1), FrameRole.BEFORE, key("a.webp")));
        String token = share("{}").get("token").asText();

        assertThat(screenshot(token, "").status()).isEqualTo(404);
        BUCKET.put(key("a.webp"), new byte[4_400_000]);
        assertThat(screenshot(token, "").body()).hasSize(4_400_000);
        BUCKET.put(key("a.webp"), new byte[4_400_001]);
        Api.Answer tooLarge = screenshot(token, "");
        assertThat(tooLarge.status()).isEqualTo(422);
        assertThat(tooLarge.json().get("type").asText()).isEqualTo("urn:steptrail:problem:screenshot-too-large");
        DATABASE.execute("UPDATE step_screenshots SET format = 'svg+xml' WHERE task_id = '" + task + "'");
        store("a.webp", "<svg/>");
        assertThat(screenshot(token, "").headers()).containsEntry("content-type", "application/octet-stream");
        Api.Answer unavailable = new Api(HANDLER, null)
                .call(SHARED.get(4), path(SHARED.get(4), task), "", null, Map.of(ShareLinkAuthenticator.HEADER, token));
        assertThat(unavailable.status()).isEqualTo(503);
        assertThat(unavailable.body())
                .contains("The screenshot is temporarily unavailable")
                .doesNotContain("AIDAALICE");
        assertThat(unavailable.logged()).contains("screenshot_unavailable");
    }

    @Test
    void htmlAndPdf_needALinkWithEverything() {
        writeScreenshots();

        for (String options : List.of("{\"include_sensitive\":true}", "{\"include_details\":true}")) {
            String token = share(options).get("token").asText();
            assertThat(report(token, "html").status()).isEqualTo(400);
            assertThat(report(token, "pdf").status()).isEqualTo(400);
        }
    }

    @Test
    void csv_omitsSensitiveScreenshots() {
        writeOnlySensitive();
        String without = share("{\"include_details\":true}").get("token").asText();
        String with = share("{\"include_sensitive\":true,\"include_details\":true}")
                .get("token")
                .asText();

        assertThat(report(without, "csv").body()).contains("\r\n1,").doesNotContain("secret.webp");
        assertThat(report(with, "csv").body()).contains("secret.webp");
    }

    @Test
    void linkThatIsRevokedOrExpired_orOfADeletedTask_is404() {
        writeScreenshots();
        JsonNode revoked = share("{}");
        JsonNode expired = share("{\"expires_in\":\"PT1M\"}");
        JsonNode last = share("{\"expires_in\":\"P366D\"}");
        String steps = SHARED.get(1);

        assertThat(revoke(alice, revoked.get("share_id").asText()).status()).isEqualTo(204);
        assertThat(revoke(alice, revoked.get("share_id").asText()).status()).isEqualTo(404);
        DATABASE.execute("UPDATE share_links SET expires_at = now() WHERE id = " + expired.get("share_id"));

        assertThat(shared(steps, task, revoked.get("token").asText()).status()).isEqualTo(404);
        assertThat(shared(steps, task, expired.get("token").asText()).status()).isEqualTo(404);
        assertThat(shared(steps, task, last.get("token").asText()).status()).isEqualTo(200);
        alice.delete(task);
        assertThat(shared(steps, task, last.get("token").asText()).status()).isEqualTo(404);
    }

    @Test
    void list_containsLinksWithoutTokens() {
        write(step(task, 1));
        JsonNode created = share("{}");
        JsonNode second = share("{\"include_sensitive\":true}");

        JsonNode page = alice.get(SHARES, task.toString(), "limit=1").json();
        JsonNode rest = alice.get(
                        SHARES,
                        task.toString(),
                        "cursor=" + page.get("next_cursor").asText())
                .json();

        assertThat(page.get("shares").get(0).get("share_id")).isEqualTo(second.get("share_id"));
        assertThat(rest.get("shares")).hasSize(1);
        assertThat(rest.get("shares").get(0).get("expires_at")).isEqualTo(created.get("expires_at"));
        assertThat(rest.get("shares").get(0).get("created_by").asText()).isEqualTo("alice");
        assertThat(rest.toString())
                .doesNotContain("token")
                .doesNotContain(created.get("token").asText());
        assertThat(DATABASE.value("SELECT count(*) FROM share_links AS s WHERE s::text LIKE '%"
                        + created.get("token").asText() + "%'"))
                .isEqualTo("0");
    }

    @Test
    void linkRoutes_byOtherUsers_are404() {
        write(step(task, 1));
        String id = share("{}").get("share_id").asText();

        for (Api stranger : List.of(bob, anonymous)) {
            assertThat(stranger.call(SHARE, task.toString(), "", "{}").status()).isIn(401, 404);
            assertThat(stranger.get(SHARES, task.toString(), "").status()).isIn(401, 404);
            assertThat(revoke(stranger, id).status()).isIn(401, 404);
        }
        assertThat(admin.get(SHARES, task.toString(), "").json().get("shares")).hasSize(1);
        assertThat(admin.call(SHARE, task.toString(), "", "").status()).isEqualTo(201);
    }

    @Test
    void readByALink_isAuditedWithItsId() {
        writeScreenshots();
        JsonNode created = share("{}");

        SHARED.forEach(route -> shared(route, task, created.get("token").asText()));

        assertThat(DATABASE.column("SELECT action FROM audit_log WHERE task_id = '" + task + "' AND caller = 'share:"
                        + created.get("share_id").asText() + "' ORDER BY action"))
                .containsExactly("read_report", "read_screenshot", "read_screenshots", "read_steps");
    }

    @Test
    void tooManyLinks_are409() {
        write(step(task, 1));
        JsonNode first = share("{}");
        for (int i = 1; i < ShareRepository.MAX_LINKS; i++) {
            share("{}");
        }

        Api.Answer tooMany = alice.call(SHARE, task.toString(), "", "{}");
        revoke(alice, first.get("share_id").asText());

        assertThat(tooMany.status()).isEqualTo(409);
        assertThat(tooMany.json().get("type").asText()).isEqualTo("urn:steptrail:problem:too-many-shares");
        assertThat(alice.call(SHARE, task.toString(), "", "{}").status()).isEqualTo(201);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"expires_in\":\"PT59S\"}",
                "{\"expires_in\":\"P367D\"}",
                "{\"expires_in\":\"P9999W\"}",
                "{\"expires_in\":\"7 days\"}",
                "{\"expires_in\":7}",
                "{\"expires_in\":\"-P1D\"}",
                "{\"expires_in\":\"-P-7D\"}",
                "{\"expires_in\":\"+P7D\"}",
                "{\"expires_in\":\"P+7D\"}",
                "{\"expires_in\":\"p7d\"}",
                "{\"expires_in\":\"PT60.5S\"}",
                "{\"expires_in\":null}",
                "{\"include_sensitive\":\"true\"}",
                "{\"include_sensitive\":1}",
                "{\"include_details\":1}",
                "{\"include_judgements\":\"true\"}",
                "{\"include_model_calls\":null}",
                "{\"x\":1}",
                "[]",
                "{",
            })
    void invalidBody_isRejected(String body) {
        write(step(task, 1));

        assertThat(alice.call(SHARE, task.toString(), "", body).status()).isEqualTo(400);
    }

    /** Writes a step with two screenshots, one of them sensitive. */
    private void writeScreenshots() {
        Step step = TestRecords.withScreenshot(step(task, 1), FrameRole.BEFORE, key("a.webp"));
        Screenshot plain = step.screenshots().get(0);
        write(step.withScreenshots(List.of(plain, sensitive(plain)), List.of()));
        store("a.webp", "image a");
        store("secret.webp", "secret image");
    }

    private void store(String file, String content) {
        BUCKET.put(key(file), content.getBytes(StandardCharsets.UTF_8));
    }

    /** Writes a task that names its owner, its device and keys in all fields that may contain them. */
    private void writeTaskWithDetails() {
        Step step = TestRecords.withScreenshot(
                step(task, 1, "Open it", Map.of("own", "own-9")), FrameRole.BEFORE, key("a.webp"));
        Screenshot plain = step.screenshots().get(0);
        Screenshot screenshot =
                copy(plain, plain.role(), plain.screenshotPath(), false, key("t.webp"), Map.of("by", "shot-9"));
        write(
                new TaskStarted(
                        task,
                        TestRecords.START,
                        "shared",
                        "Open it",
                        "demo-agent",
                        "model",
                        "phone-7",
                        PREVIOUS_TASK,
                        null,
                        Map.of("rack", "rack-3"),
                        ExperimentCase.NONE,
                        Map.of("own", "start-9")),
                step.withScreenshots(List.of(screenshot), List.of()),
                new TaskEnded(
                        task,
                        TestRecords.START.plusSeconds(9),
                        TaskStatus.SUCCEEDED,
                        null,
                        "done",
                        1,
                        Map.of("own", "end-9")));
        DATABASE.execute("UPDATE tasks SET losses = '{\"dropped_steps\":{\"queue_full\":3},\"payload_path\":"
                + "\"payloads/AIDAALICE/2\",\"truncated_fields\":{\"ann.lee\":1}}' WHERE task_id = '" + task + "'");
        DATABASE.execute("UPDATE task_steps SET step_data = (step_data::jsonb || '" + DETAILED_DATA + "')::json"
                + " WHERE task_id = '" + task + "'");
    }

    /** Returns the bodies of all shared routes and formats. */
    private Map<String, String> sharedBodies(String token) {
        Map<String, String> bodies = new HashMap<>();
        for (String route : SHARED) {
            Api.Answer answer = anonymous.call(
                    route,
                    path(route, task),
                    route.equals(SHARED.get(4)) ? "redirect=false" : "",
                    null,
                    Map.of(ShareLinkAuthenticator.HEADER, token));
            assertThat(answer.status()).as(route).isEqualTo(200);
            bodies.put(route, answer.body());
        }
        for (String format : List.of("csv", "md")) {
            bodies.put(SHARED.get(2) + " " + format, report(token, format).body());
        }
        return bodies;
    }

    private void writeOnlySensitive() {
        Step step = TestRecords.withScreenshot(step(task, 1), FrameRole.BEFORE, key("a.webp"));
        write(step.withScreenshots(List.of(sensitive(step.screenshots().get(0))), List.of()));
    }

    private Screenshot sensitive(Screenshot plain) {
        return copy(plain, FrameRole.AFTER, key("secret.webp"), true, plain.thumbnailPath(), plain.unknown());
    }

    private static Screenshot copy(
            Screenshot plain,
            FrameRole role,
            String path,
            boolean sensitive,
            @Nullable String thumbnailPath,
            Map<String, Object> unknown) {
        return new Screenshot(
                role,
                path,
                plain.fileHash(),
                plain.fileSize(),
                plain.originalSize(),
                plain.width(),
                plain.height(),
                plain.format(),
                plain.compressed(),
                sensitive,
                plain.redactedRegions(),
                plain.perceptualHash(),
                thumbnailPath,
                plain.capturedAt(),
                unknown);
    }

    private List<String> keyScreenshots(String token) {
        return report(token, "json").json().get("key_screenshots").findValuesAsText("role");
    }

    private Api.Answer report(String token, String format) {
        String route = SHARED.get(2);
        return anonymous.call(
                route, path(route, task), "format=" + format, null, Map.of(ShareLinkAuthenticator.HEADER, token));
    }

    /** Returns the number of screenshots of the step and of the task, and the status of three screenshot requests. */
    private List<Integer> visibleScreenshots(String token) {
        return List.of(
                shared(SHARED.get(1), task, token)
                        .json()
                        .get("steps")
                        .get(0)
                        .get("screenshots")
                        .size(),
                shared(SHARED.get(3), task, token).json().get("screenshots").size(),
                screenshot(token, "").status(),
                screenshot(token, "role=before").status(),
                screenshot(token, "role=after").status());
    }

    private Api.Answer screenshot(String token, String query) {
        return anonymous.call(
                SHARED.get(4), path(SHARED.get(4), task), query, null, Map.of(ShareLinkAuthenticator.HEADER, token));
    }

    private Api.Answer screenshot(String token, String query, String tag) {
        return anonymous.call(
                SHARED.get(4),
                path(SHARED.get(4), task),
                query,
                null,
                Map.of(ShareLinkAuthenticator.HEADER, token, "if-none-match", tag));
    }

    private JsonNode share(String body) {
        Api.Answer created = alice.call(SHARE, task.toString(), "", body);
        assertThat(created.status()).isEqualTo(201);
        assertThat(created.headers()).containsEntry("cache-control", "no-store");
        return created.json();
    }

    private Api.Answer revoke(Api caller, String id) {
        return caller.call(REVOKE, Map.of("task_id", task.toString(), "share_id", id), "", null, null);
    }

    private Api.Answer shared(String route, UUID of, String token) {
        return anonymous.call(route, path(route, of), "", null, Map.of(ShareLinkAuthenticator.HEADER, token));
    }

    private static Map<String, String> path(String route, UUID of) {
        return route.contains("{step_id}") ? Map.of("step_id", of + ".1") : Map.of("task_id", of.toString());
    }
}
