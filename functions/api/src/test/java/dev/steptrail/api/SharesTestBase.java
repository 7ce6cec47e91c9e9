package dev.steptrail.api;

import static dev.steptrail.store.TestRecords.step;
import static dev.steptrail.store.TestRecords.with;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.steptrail.aws.TestBucket;
import dev.steptrail.stepformat.FrameRole;
import dev.steptrail.stepformat.Screenshot;
import dev.steptrail.stepformat.Step;
import dev.steptrail.store.TestRecords;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

/** Base of tests of share links, with a bucket and an API without a caller. */
abstract class SharesTestBase extends ApiTestBase {
    static final String SHARE = "POST /api/tasks/{task_id}/shares";
    static final List<String> SHARED = Stream.of(TASK, STEPS, REPORT, SCREENSHOTS, SCREENSHOT)
            .map(route -> route.replace("/api/", "/api/shared/"))
            .toList();

    static final TestBucket BUCKET = TestBucket.empty();

    final Api anonymous = new Api(new ApiHandler(TestSettings.of(DATABASE, BUCKET.settings())), null);

    /** Writes a step with two screenshots, one of them sensitive. */
    void writeScreenshots() {
        Step step = TestRecords.withScreenshot(step(task, 1), FrameRole.BEFORE, key("a.webp"));
        Screenshot plain = step.screenshots().get(0);
        write(step.withScreenshots(List.of(plain, sensitive(plain)), List.of()));
        store("a.webp", "image a");
        store("secret.webp", "secret image");
    }

    void store(String file, String content) {
        BUCKET.put(key(file), content.getBytes(StandardCharsets.UTF_8));
    }

    Screenshot sensitive(Screenshot plain) {
        return with(plain, "role", FrameRole.AFTER, "screenshotPath", key("secret.webp"), "sensitive", true);
    }

    JsonNode share(String body) {
        Api.Answer created = alice.call(SHARE, task, "", body);
        assertThat(created.status()).isEqualTo(201);
        assertThat(created.headers()).containsEntry("cache-control", "no-store");
        return created.json();
    }

    Api.Answer shared(String route, UUID of, String token) {
        return anonymous.call(route, path(route, of), "", null, Map.of(ShareLinkAuthenticator.HEADER, token));
    }

    static Map<String, String> path(String route, UUID of) {
        return route.contains("{step_id}") ? Map.of("step_id", of + ".1") : Map.of("task_id", of.toString());
    }
}
