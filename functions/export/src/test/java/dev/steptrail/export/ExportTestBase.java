package dev.steptrail.export;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sksamuel.scrimage.ImmutableImage;
import com.sksamuel.scrimage.webp.WebpWriter;
import dev.steptrail.aws.Settings;
import dev.steptrail.aws.TestBucket;
import dev.steptrail.report.ExportFailure;
import dev.steptrail.report.ExportKey;
import dev.steptrail.report.Language;
import dev.steptrail.stepformat.FrameRole;
import dev.steptrail.stepformat.Screenshot;
import dev.steptrail.stepformat.Step;
import dev.steptrail.stepformat.StepRecord;
import dev.steptrail.stepformat.UuidV7;
import dev.steptrail.store.TestContext;
import dev.steptrail.store.TestDatabase;
import dev.steptrail.store.TestRecords;
import dev.steptrail.store.admin.AgentRepository;
import dev.steptrail.store.admin.ShareRepository.Contents;
import dev.steptrail.store.ingest.DatabaseStepWriter;
import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.model.Agent;
import dev.steptrail.store.model.Task;
import dev.steptrail.store.query.TaskRepository;
import dev.steptrail.store.roles.FunctionLogin;
import dev.steptrail.store.usage.PriceRepository;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;

/** Base of export tests, with a database, a bucket, a recorded task and the handler. */
abstract class ExportTestBase {
    static final TestDatabase DATABASE = TestDatabase.migrated();
    static final TestBucket BUCKET = TestBucket.empty();
    static final Map<String, String> SETTINGS = DATABASE.settings(FunctionLogin.EXPORT, BUCKET.settings());
    static final Database CONNECTION = DATABASE.database();
    static final byte[] SCREEN = webp(screen());
    static final byte[] THUMBNAIL = webp(screen().scaleToWidth(270));

    final UUID task = UuidV7.at(TestRecords.START);

    @BeforeAll
    static void register() {
        new AgentRepository(CONNECTION).register(new Agent("AIDAALICE", "alice", List.of()));
    }

    static void write(StepRecord... records) {
        for (StepRecord record : records) {
            new DatabaseStepWriter(CONNECTION).write(List.of(TestRecords.message("AIDAALICE", record)));
        }
    }

    /** Returns the key of an export of the task's current state. */
    ExportKey key(Language language, ExportKey.Format format) {
        Task stored = new TaskRepository(CONNECTION).find(task).orElseThrow();
        String prices = new PriceRepository(CONNECTION).state(stored.model());
        return ExportKey.of(stored, prices, language, Contents.ALL, false, format, Instant.now());
    }

    static String handle(String message) {
        TestContext context = new TestContext(Duration.ofMinutes(15));
        try (ExportHandler handler = new ExportHandler(SETTINGS)) {
            handler.handleRequest(ExportEvents.event(message), context);
        }
        return context.logged();
    }

    static Optional<byte[]> stored(String key) {
        try {
            return new ExportBucket(new Settings(SETTINGS)).read(key, Integer.MAX_VALUE - 8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the stored failure of an export. */
    static Optional<ExportFailure> failure(String key) {
        return stored(ExportFailure.key(key))
                .flatMap(text -> ExportFailure.parse(new String(text, StandardCharsets.UTF_8)));
    }

    byte[] export(Language language, ExportKey.Format format) {
        return export(key(language, format));
    }

    static byte[] export(ExportKey key) {
        handle(key.key());
        return stored(key.key()).orElseThrow();
    }

    /** Inserts this number of verdicts, labels and notes on the task, and deletes the verdict of judge-1. */
    void insertJudgements(int count) {
        DATABASE.execute("""
                INSERT INTO verdicts (task_id, name, value, source, judge, judged_at)
                SELECT '%1$s', 'success', 'pass', 'automatic', 'judge-' || n, now() FROM generate_series(1, %2$d) AS n;
                INSERT INTO step_labels (task_id, step_number, label, author)
                SELECT '%1$s', 1 + n / 50, 'label-' || n, 'ann' FROM generate_series(1, %2$d) AS n;
                INSERT INTO notes (task_id, author, text)
                SELECT '%1$s', 'ann', 'note-' || n FROM generate_series(1, %2$d) AS n;
                UPDATE verdicts SET deleted_at = now() WHERE task_id = '%1$s' AND judge = 'judge-1'
                """.formatted(task, count));
    }

    /**
     * Checks that a record contains all that {@link #insertJudgements} inserted, each once, except the deleted verdict.
     */
    static void assertContainsJudgements(String record, int count) throws IOException {
        JsonNode judgements = new JsonMapper().readTree(record);
        assertThat(new HashSet<>(judgements.get("verdicts").findValuesAsText("evaluator")))
                .hasSize(count - 1)
                .hasSize(judgements.get("verdicts").size())
                .doesNotContain("judge-1");
        assertThat(new HashSet<>(judgements.get("labels").findValuesAsText("label")))
                .hasSize(count)
                .hasSize(judgements.get("labels").size());
        assertThat(new HashSet<>(judgements.get("notes").findValuesAsText("text")))
                .hasSize(count)
                .hasSize(judgements.get("notes").size());
    }

    /** Stores a screenshot and its thumbnail in the bucket. */
    Screenshot screenshot(FrameRole role, String name) {
        Screenshot screenshot = lost(role, name);
        BUCKET.put(screenshot.screenshotPath(), SCREEN);
        BUCKET.put(screenshot.thumbnailPath(), THUMBNAIL);
        return screenshot;
    }

    /** Returns a screenshot that is missing from the bucket. */
    Screenshot lost(FrameRole role, String name) {
        return lost("AIDAALICE", role, name);
    }

    /** Same for another sender. */
    Screenshot lost(String sender, FrameRole role, String name) {
        String path = "screenshots/" + sender + "/" + task + "/" + name;
        Step step = TestRecords.withScreenshot(TestRecords.step(task, 1), role, path + ".webp");
        return TestRecords.with(
                step.screenshots().get(0), "fileSize", SCREEN.length, "thumbnailPath", path + ".small.webp");
    }

    /**
     * Returns a real phone's screenshot if this machine has one, else one of the project's samples; 1080 × 2400 pixels.
     */
    private static ImmutableImage screen() {
        String real = System.getenv().getOrDefault("STEPTRAIL_REAL_DATA", "");
        Path file = real.isBlank()
                ? Path.of("../../agent-client/cli/samples/flower-photo-loop/screenshots/step_002.png")
                : Path.of(real, "phone-1080x2400.png");
        try {
            return ImmutableImage.loader().fromPath(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] webp(ImmutableImage image) {
        try {
            return image.bytes(WebpWriter.DEFAULT);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
