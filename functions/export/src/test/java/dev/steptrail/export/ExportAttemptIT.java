package dev.steptrail.export;

import static dev.steptrail.store.TestRecords.started;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.steptrail.aws.Settings;
import dev.steptrail.report.ExportFailure;
import dev.steptrail.report.ExportFailure.Reason;
import dev.steptrail.report.ExportKey.Format;
import dev.steptrail.report.Language;
import dev.steptrail.store.TestContext;
import dev.steptrail.store.roles.FunctionLogin;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Tests failures of exports. */
@Tag("slow")
class ExportAttemptIT extends ExportTestBase {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    private static final Duration TIME_LEFT = Duration.ofMinutes(15);

    private final String key = "exports/alice/" + UUID.randomUUID() + ".zip";
    private final ExportAttempt attempt =
            new ExportAttempt(new ExportBucket(new Settings(SETTINGS)), InstantSource.fixed(NOW));

    @Test
    void failure_isStored_andLoggedWithoutItsMessage() {
        write(started(task));
        String exportKey = key(Language.EN, Format.ZIP).key();
        Map<String, String> withoutDatabase = new HashMap<>(SETTINGS);
        withoutDatabase.put("STEPTRAIL_DATABASE_URL", "jdbc:postgresql://127.0.0.1:1/none");

        try (ExportHandler handler = new ExportHandler(withoutDatabase)) {
            TestContext context = new TestContext();
            handler.handleRequest(ExportEvents.event(exportKey), context);
            assertThat(context.logged())
                    .contains("\"failure\":\"Unavailable at dev.steptrail.store.", "\"task_id\":\"" + task + "\"")
                    .doesNotContain("127.0.0.1");
            assertThat(context.metricLines())
                    .singleElement()
                    .asString()
                    .contains("\"ExportsFailed\":1", "\"DatabaseConnectFailures\":1");
        }

        ExportFailure failure = failure(exportKey).orElseThrow();
        assertThat(failure.reason()).isEqualTo(Reason.ERROR);
        assertThat(failure.isActive(Clock.systemUTC().instant())).isTrue();
    }

    @Test
    void failureOfASecondAttempt_replacesTheFailureStoredInAdvance_evenIfMemoryIsExhausted() throws IOException {
        attempt.run(key, 2, TIME_LEFT, () -> {
            throw new IOException("a test");
        });
        assertThat(failure(key)).contains(new ExportFailure(NOW, Reason.ERROR));

        String other = key + "2";
        assertThatThrownBy(() -> attempt.run(other, 2, TIME_LEFT, () -> {
                    throw new OutOfMemoryError("a test");
                }))
                .isInstanceOf(OutOfMemoryError.class);
        assertThat(failure(other)).contains(new ExportFailure(NOW, Reason.ERROR));
    }

    @Test
    void secondAttempt_storesAFailureInAdvance_datedToItsEnd() throws IOException {
        attempt.run(key, 1, TIME_LEFT, () -> {});
        assertThat(failure(key)).isEmpty();

        attempt.run(key, 2, TIME_LEFT, () -> {
            ExportFailure stored = failure(key).orElseThrow();
            assertThat(stored).isEqualTo(new ExportFailure(NOW.plus(TIME_LEFT), Reason.UNFINISHED));
            assertThat(stored.isActive(NOW)).isFalse();
            assertThat(stored.isActive(NOW.plus(TIME_LEFT))).isTrue();
        });
    }

    @Test
    void existingExport_isNotMadeAgain_andGetsNoFailure() throws IOException {
        write(started(task));
        String existing = key(Language.EN, Format.HTML).key();
        BUCKET.put(existing, new byte[] {1});

        handle(existing);
        attempt.run(existing, 2, TIME_LEFT, () -> {});

        assertThat(stored(existing)).contains(new byte[] {1});
        assertThat(failure(existing)).isEmpty();
    }

    @Test
    void unavailableBucket_doesNotHideTheCause() {
        Settings away = new Settings(
                DATABASE.settings(FunctionLogin.EXPORT, BUCKET.settings("STEPTRAIL_BUCKET", "no-such-bucket")));

        assertThatThrownBy(() -> new ExportAttempt(new ExportBucket(away), InstantSource.system())
                        .run(key, 1, TIME_LEFT, () -> {
                            throw new IOException("the cause");
                        }))
                .hasMessage("the cause")
                .satisfies(e -> assertThat(e.getSuppressed()).hasSize(1));
    }
}
