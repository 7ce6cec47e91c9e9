package dev.steptrail.export;

import static dev.steptrail.store.TestRecords.ended;
import static dev.steptrail.store.TestRecords.started;
import static dev.steptrail.store.TestRecords.step;
import static dev.steptrail.store.TestRecords.with;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.steptrail.report.ExportKey;
import dev.steptrail.report.ExportKey.Format;
import dev.steptrail.report.Language;
import dev.steptrail.stepformat.Attachment;
import dev.steptrail.stepformat.FrameRole;
import dev.steptrail.stepformat.Losses;
import dev.steptrail.stepformat.ModelCall;
import dev.steptrail.stepformat.RecordCodec;
import dev.steptrail.stepformat.StepRecord;
import dev.steptrail.stepformat.TaskEnded;
import dev.steptrail.stepformat.TaskStatus;
import dev.steptrail.stepformat.Usage;
import dev.steptrail.stepformat.VerdictValue;
import dev.steptrail.store.TestRecords;
import dev.steptrail.store.admin.ShareRepository.Contents;
import dev.steptrail.store.judgements.NoteRepository;
import dev.steptrail.store.judgements.StepLabelRepository;
import dev.steptrail.store.judgements.TagRepository;
import dev.steptrail.store.judgements.VerdictRepository;
import dev.steptrail.store.judgements.VerdictRepository.NewVerdict;
import dev.steptrail.store.model.ArchiveKeys;
import dev.steptrail.store.retention.TaskDeletion;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.cos.COSName;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.graphics.image.PDImageXObject;
import org.apache.pdfbox.text.PDFTextStripper;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Tests exports of one task from the queue message to the object in the bucket. */
@Tag("slow")
class ExportIT extends ExportTestBase {
    private static final byte[] BUCKET_CONTENT = {1, 2, 3};

    @Test
    void zip_containsTheSentRecordsTheScreenshotsAndAPage() throws Exception {
        List<StepRecord> sent = List.of(
                started(task, null, "打开相机，拍一张照片"),
                step(task, 1, TestRecords.THINKING, Map.of("x_battery", 0.82))
                        .withScreenshots(
                                List.of(screenshot(FrameRole.BEFORE, "a"), screenshot(FrameRole.AFTER, "b")),
                                List.of()),
                step(task, 5).withScreenshots(List.of(lost(FrameRole.BEFORE, "gone")), List.of()),
                new Losses(task, TestRecords.START.plusSeconds(6), Map.of("queue_full", 3L), Map.of(), Map.of()),
                ended(task, TaskStatus.FAILED, 6));
        write(sent.toArray(StepRecord[]::new));

        Map<String, byte[]> files = unzipped(export(Language.EN, Format.ZIP));

        assertThat(files.keySet())
                .containsExactly(
                        "records.jsonl",
                        "screenshots/000001-0-before.webp",
                        "screenshots/000001-1-after.webp",
                        "report.html");
        assertThat(files.get("screenshots/000001-0-before.webp")).isEqualTo(SCREEN);
        List<StepRecord> read = records(files.get("records.jsonl"));
        assertThat(read.subList(0, 4)).isEqualTo(sent.subList(0, 4));
        assertThat(read.get(4)).isInstanceOf(TaskEnded.class);
        Document page = page(files.get("report.html"));
        assertThat(page.text()).contains("打开相机，拍一张照片", "相机 📷", "App not found: 相机");
        assertThat(page.select("img").eachAttr("src")).hasSize(2).allMatch(files::containsKey);
        assertThat(page.select("meta[http-equiv]").attr("content")).contains("img-src 'self' file:;");
    }

    @Test
    void zip_containsJudgementsTokensAndAttachments_andChangesWithAJudgement() throws Exception {
        String path = writeJudgedTask();

        Map<String, byte[]> files = unzipped(export(Language.EN, Format.ZIP));

        for (String field : List.of("000001-model_input", "task-description", "task-extra_start_fields")) {
            assertThat(files.get("attachments/" + field + ".json.gz")).isEqualTo(BUCKET_CONTENT);
        }
        assertThat(records(files.get("records.jsonl")).toString()).contains(path, "I tap the button");
        JsonNode judgements = new JsonMapper().readTree(files.get("judgements.json"));
        assertThat(judgements.get("success").asBoolean()).isFalse();
        assertThat(judgements.get("claimed_success").asBoolean()).isTrue();
        assertThat(judgements.get("tags").toString()).isEqualTo("[\"camera\"]");
        assertThat(judgements.get("verdicts").get(0).get("author").asText()).isEqualTo("ann");
        assertThat(judgements.get("verdicts").get(0).get("reason").asText()).isEqualTo("Not saved");
        assertThat(judgements.get("labels").get(0).get("label").asText()).isEqualTo("bad");
        assertThat(judgements.get("notes").get(0).get("text").asText()).isEqualTo("Look here");
        assertThat(judgements.get("usage").toString())
                .isEqualTo("{\"input_tokens\":1200,\"cached_tokens\":0,\"output_tokens\":34}");
        assertThat(judgements.get("cost").toString()).isEqualTo("{\"amounts\":{},\"unpriced_tokens\":1234}");
        String key = key(Language.EN, Format.ZIP).key();
        new NoteRepository(CONNECTION).add(task, null, "Later", "ann");
        assertThat(key(Language.EN, Format.ZIP).key()).isNotEqualTo(key);
    }

    @Test
    void zip_containsAnAttachmentOfEachStep_ifStepsShareAnObject_orAStepHasTwoOfOneField() throws Exception {
        String shared = "attachments/AIDAALICE/" + task + "/shared.json.gz";
        String other = "attachments/AIDAALICE/" + task + "/other.json.gz";
        BUCKET.put(shared, BUCKET_CONTENT);
        BUCKET.put(other, new byte[] {9});
        List<Attachment> attachments = List.of(TestRecords.attachment("model_input", shared));
        write(
                started(task),
                step(task, 1).withAttachments(attachments),
                step(task, 2).withAttachments(attachments));
        // The step format does not allow a second attachment of one field.
        DATABASE.execute("UPDATE task_steps SET step_data = jsonb_insert(step_data::jsonb, '{attachments,0}',"
                + " '{\"field\":\"model_input\",\"path\":\"" + other + "\"}', true)"
                + " WHERE step_number = 2 AND task_id = '" + task + "'");

        Map<String, byte[]> files = unzipped(export(Language.EN, Format.ZIP));

        assertThat(files.keySet())
                .containsExactly(
                        "records.jsonl",
                        "attachments/000001-model_input.json.gz",
                        "attachments/000002-model_input.json.gz",
                        "report.html");
        assertThat(files.get("attachments/000001-model_input.json.gz")).isEqualTo(BUCKET_CONTENT);
        assertThat(files.get("attachments/000002-model_input.json.gz")).isEqualTo(BUCKET_CONTENT);
    }

    private static Document page(byte[] html) {
        return Jsoup.parse(new String(html, StandardCharsets.UTF_8));
    }

    @Test
    void html_showsJudgementsWithoutAuthors_andModelCallsOnlyIfAsked() {
        writeJudgedTask();
        String state = key(Language.EN, Format.HTML).state();
        ExportKey withCalls = new ExportKey("alice", task, state, Language.EN, Contents.ALL, true, Format.HTML);

        assertThat(page(export(Language.EN, Format.HTML)).text())
                .contains(
                        "Agent's claim succeeded",
                        "Verdict fail (human); it contradicts the agent's claim",
                        "Tags camera",
                        "Tokens 1200 input (0 of them cached), 34 output",
                        "Cost unknown cost of 1234 tokens",
                        "Not saved",
                        "bad",
                        "Look here")
                .doesNotContain("ann", "I tap the button", "Model input");
        assertThat(page(export(withCalls)).text())
                .contains("Model output: I tap the button", "Model input: stored separately, 10 bytes");
    }

    @Test
    void reportsForALink_showOnlyWhatItIncludes() throws Exception {
        writeJudgedTask();
        write(step(task, 2)
                .withScreenshots(
                        List.of(
                                screenshot(FrameRole.BEFORE, "a"),
                                with(screenshot(FrameRole.AFTER, "b"), "sensitive", true)),
                        List.of())
                .withModelCall(new ModelCall(Usage.of(1, null, 1), null, "SECRET")));
        DATABASE.execute("UPDATE tasks SET metadata = '{\"lab\":\"north\"}' WHERE task_id = '" + task + "'");

        Document nothing = page(export(keyForALink(new Contents(false, false, false, false), false, Format.HTML)));
        Document calls = page(export(keyForALink(new Contents(false, false, false, true), true, Format.HTML)));
        Document most = page(export(keyForALink(new Contents(true, false, true, true), true, Format.HTML)));

        assertThat(nothing.text())
                .contains("camera", "Agent's claim succeeded", "Tap")
                .doesNotContain("alice", "phone-1", "north", "Verdict", "Tags", "Look here", "Tokens", "Model output");
        assertThat(nothing.select("img")).hasSize(1);
        assertThat(calls.text())
                .contains("Model output: I tap the button", "Tokens 1201")
                .doesNotContain("SECRET", "Verdict", "alice");
        assertThat(calls.select("img")).hasSize(1);
        assertThat(most.text())
                .contains("Model output: SECRET", "Verdict fail", "Look here")
                .doesNotContain("alice", "north");
        assertThat(most.select("img")).hasSize(2);
        assertThat(most.html()).doesNotContain("AIDAALICE");
        try (PDDocument pdf =
                Loader.loadPDF(export(keyForALink(new Contents(false, false, false, false), false, Format.PDF)))) {
            assertThat(text(pdf)).contains("Tap").doesNotContain("alice", "phone-1", "Look here");
            assertThat(images(pdf)).isOne();
        }
    }

    private ExportKey keyForALink(Contents contents, boolean withModelCalls, Format format) {
        ExportKey key = key(Language.EN, format);
        return new ExportKey(
                ArchiveKeys.LINKS_FOLDER, task, key.state(), Language.EN, contents, withModelCalls, format);
    }

    /** Writes a task whose verdict contradicts its claim, with a model call, and returns the path of its attachment. */
    private String writeJudgedTask() {
        String path = "attachments/AIDAALICE/" + task + "/a.json.gz";
        BUCKET.put(path, BUCKET_CONTENT);
        write(
                TestRecords.started(
                        task,
                        null,
                        "Take a picture",
                        List.of(
                                TestRecords.attachment("description", path),
                                TestRecords.attachment("other_fields", path))),
                step(task, 1)
                        .withModelCall(new ModelCall(Usage.of(1200, null, 34), null, "I tap the button"))
                        .withAttachments(List.of(TestRecords.attachment("model_input", path))),
                ended(task, TaskStatus.SUCCEEDED, 1));
        new VerdictRepository(CONNECTION)
                .set(task, new NewVerdict("success", VerdictValue.Label.FAIL, null, null, "Not saved"), "ann");
        new TagRepository(CONNECTION).add(task, "camera", "ann");
        new StepLabelRepository(CONNECTION).add(task, 1, "bad", "ann");
        new NoteRepository(CONNECTION).add(task, 1, "Look here", "ann");
        return path;
    }

    @Test
    void html_embedsItsScreenshots_andIsSelfContained() {
        write(
                started(task),
                step(task, 1).withScreenshots(List.of(screenshot(FrameRole.BEFORE, "a")), List.of()),
                step(task, 2).withScreenshots(List.of(screenshot(FrameRole.BEFORE, "b")), List.of()),
                step(task, 3).withScreenshots(List.of(screenshot(FrameRole.AFTER, "c")), List.of()));

        Document page = page(export(Language.ZH, Format.HTML));

        assertThat(page.title()).isEqualTo("任务报告: camera");
        List<String> sources = page.select("[src]").eachAttr("src");
        assertThat(sources).hasSize(3).allMatch(source -> source.startsWith("data:image/webp;base64,"));
        assertThat(sources.get(0).length()).isGreaterThan(SCREEN.length);
        assertThat(sources.get(1).length()).isLessThan(2 * THUMBNAIL.length);
        assertThat(page.select("[href]:not([href^=#])")).isEmpty();
    }

    @Test
    void htmlOfALongTask_containsItsFirstFailedAndLastSteps() {
        write(started(task));
        DATABASE.execute("INSERT INTO task_steps (task_id, step_number, step_type, step_data, success, created_at)"
                + " SELECT '" + task + "', n, 'action', '{}', n NOT BETWEEN 3000 AND 3009, now()"
                + " FROM generate_series(1, 6000) AS n");
        DATABASE.execute("UPDATE tasks SET total_steps = 6000, successful_steps = 5990, failed_steps = 10"
                + " WHERE task_id = '" + task + "'");

        Document page = page(export(Language.EN, Format.HTML));

        List<Integer> numbers = page.select(".step").eachAttr("id").stream()
                .map(id -> Integer.valueOf(id.substring("step-".length())))
                .toList();
        assertThat(numbers).isSorted().hasSize(2500 + 10 + 2000).contains(1, 2500, 3000, 3009, 4001, 6000);
        assertThat(numbers).doesNotContain(2501, 2999, 3010, 4000);
        assertThat(page.select("p.note").text())
                .startsWith("Of steps 2501 to 4000, at most the first 500 failed steps are shown.")
                .doesNotContain("omitted");
    }

    @Test
    void pdf_containsChineseTextAndScreenshots() throws IOException {
        write(
                started(task, null, "打开相机，拍一张照片，然后回到桌面"),
                step(task, 1).withScreenshots(List.of(screenshot(FrameRole.BEFORE, "a")), List.of()),
                step(task, 5).withScreenshots(List.of(screenshot(FrameRole.AFTER, "b")), List.of()),
                ended(task, TaskStatus.FAILED, 5));

        try (PDDocument pdf = Loader.loadPDF(export(Language.ZH, Format.PDF))) {
            assertThat(text(pdf)).contains("打开相机,拍一张照片,然后回到桌面", "失败(见消息)", "App not found: 相机");
            assertThat(pdf.getDocumentInformation().getTitle()).isEqualTo("任务报告: camera");
            assertThat(images(pdf)).isEqualTo(2);
        }
    }

    @Test
    void deletedTask_folderOfAnotherOwner_andInvalidKey_areNotExported() {
        write(started(task));
        ExportKey key = key(Language.EN, Format.HTML);
        ExportKey foreign = new ExportKey("bob", task, key.state(), Language.EN, Contents.ALL, false, Format.HTML);

        assertThat(handle(foreign.key())).contains("\"ExportsCompleted\":1").doesNotContain("ERROR");
        assertThat(stored(foreign.key())).isEmpty();
        assertThat(handle("exports/everything"))
                .contains(
                        "\"event\":\"invalid_export_message\"", "\"message_id\":\"message-1\"", "\"ExportsFailed\":1");

        new TaskDeletion(CONNECTION).delete(task, "alice");
        assertThat(handle(key.key())).contains("\"ExportsCompleted\":1").doesNotContain("ERROR");
        assertThat(stored(key.key())).isEmpty();
    }

    static List<StepRecord> records(byte[] lines) throws Exception {
        List<StepRecord> records = new ArrayList<>();
        for (String line : new String(lines, StandardCharsets.UTF_8).split("\n")) {
            records.add(RecordCodec.decode(line.getBytes(StandardCharsets.UTF_8)));
        }
        return records;
    }

    static Map<String, byte[]> unzipped(byte[] bytes) throws IOException {
        Map<String, byte[]> files = new LinkedHashMap<>();
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(bytes))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                files.put(entry.getName(), zip.readAllBytes());
            }
        }
        return files;
    }

    /** Normalizes the text, because fonts have compatibility variants of characters. */
    static String text(PDDocument pdf) throws IOException {
        return Normalizer.normalize(new PDFTextStripper().getText(pdf), Normalizer.Form.NFKC)
                .replaceAll("\\R", "");
    }

    private static int images(PDDocument pdf) throws IOException {
        int images = 0;
        for (PDPage page : pdf.getPages()) {
            for (COSName name : page.getResources().getXObjectNames()) {
                images += page.getResources().getXObject(name) instanceof PDImageXObject ? 1 : 0;
            }
        }
        return images;
    }
}
