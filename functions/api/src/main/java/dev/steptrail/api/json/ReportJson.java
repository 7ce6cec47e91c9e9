package dev.steptrail.api.json;

import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.steptrail.report.ReportContent;
import dev.steptrail.stepformat.TextTruncator;
import dev.steptrail.store.judgements.NoteRepository.Note;
import dev.steptrail.store.judgements.TaskJudgements;
import dev.steptrail.store.judgements.TaskJudgements.Listed;
import dev.steptrail.store.judgements.VerdictRepository.StoredVerdict;
import dev.steptrail.store.model.Task;
import dev.steptrail.store.model.TaskSummary;
import dev.steptrail.store.model.TaskSummary.Durations;
import dev.steptrail.store.model.TaskSummary.KeyScreenshot;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes the report in JSON: the task's fields and totals of its steps. Truncates lists to the response limit. */
public final class ReportJson {
    /** The part of the response that judgements can always use. */
    private static final int JUDGEMENT_BYTES = 1_000_000;

    /** The maximum length of a reason and of a note. */
    private static final int MAX_TEXT_LENGTH = 1000;

    private ReportJson() {}

    private record Totals(
            @JsonUnwrapped TaskJson task,
            @Nullable Double stepSuccessRate,
            @Nullable Long elapsedMs,
            int summarisedSteps,
            boolean truncated,
            @JsonRawValue @Nullable String expectation,
            Durations stepDurations,
            Durations stepIntervals,
            Durations gapsBetweenSteps,
            Durations modelTime,
            @Nullable Boolean disagreement) {}

    private record KeyScreenshotBody(
            String reason, String stepId, int stepNumber, int screenshotIndex, String role, boolean sensitive) {
        static KeyScreenshotBody of(Task task, KeyScreenshot key) {
            return new KeyScreenshotBody(
                    key.reason(),
                    task.taskId() + "." + key.stepNumber(),
                    key.stepNumber(),
                    key.screenshotIndex(),
                    key.role(),
                    key.sensitive());
        }
    }

    public static byte[] write(ReportContent content) {
        Task task = content.task();
        TaskSummary summary = content.summary();
        TaskJudgements judgements = content.judgements();
        return Json.write((json, budget) -> {
            json.writeStartObject();
            Json.writeFields(
                    json,
                    new Totals(
                            TaskJson.of(task, content.usage()),
                            task.stepSuccessRate(),
                            task.elapsedMs(),
                            summary.summarisedSteps(),
                            summary.truncated(),
                            summary.expectation(),
                            summary.durations(),
                            summary.intervals(),
                            summary.gaps(),
                            summary.modelTimes(),
                            task.disagreement()));
            budget.reserve(judgements.isEmpty() ? 0 : JUDGEMENT_BYTES);
            writeCounts(json, budget, "steps_by_type", summary.byType());
            writeCounts(json, budget, "steps_by_action", summary.byAction());
            writeList(json, budget, "timeline", summary.timeline());
            writeList(json, budget, "errors", summary.errors());
            writeList(json, budget, "error_causes", summary.causes());
            writeList(
                    json,
                    budget,
                    "key_screenshots",
                    summary.keyScreenshots().stream()
                            .map(key -> KeyScreenshotBody.of(task, key))
                            .toList());
            json.writeNumberField(
                    "total_lost_screenshots", summary.lostScreenshots().total());
            writeList(
                    json, budget, "lost_screenshots", summary.lostScreenshots().listed());
            writeList(json, budget, "missing_steps", summary.missing());
            writeList(json, budget, "findings", summary.findings());
            writeList(json, budget, "suggestions", summary.suggestions());
            budget.reserve(0);
            writeJudgements(json, budget, judgements);
            json.writeEndObject();
        });
    }

    /** Writes judgements with shortened texts. Labels are first, because they are small. */
    private static void writeJudgements(JsonGenerator json, ResponseBudget budget, TaskJudgements judgements)
            throws IOException {
        Listed<StoredVerdict> verdicts = judgements.verdicts().map(ReportJson::shorten);
        Listed<Note> notes = judgements.notes().map(ReportJson::shorten);
        boolean complete = verdicts.equals(judgements.verdicts()) && notes.equals(judgements.notes());
        json.writeNumberField("total_labels", judgements.labels().total());
        json.writeNumberField("total_verdicts", verdicts.total());
        json.writeNumberField("total_notes", notes.total());
        complete &= writeList(json, budget, "labels", judgements.labels().items());
        complete &= writeList(
                json,
                budget,
                "verdicts",
                verdicts.items().stream().map(VerdictJson::of).toList());
        complete &= writeList(json, budget, "notes", notes.items());
        complete &= judgements.listsAll();
        json.writeBooleanField("judgements_truncated", !complete);
    }

    private static StoredVerdict shorten(StoredVerdict verdict) {
        return new StoredVerdict(
                verdict.id(),
                verdict.taskId(),
                verdict.name(),
                verdict.value(),
                verdict.score(),
                verdict.source(),
                verdict.judge(),
                verdict.evaluatorVersion(),
                verdict.author(),
                verdict.reason() == null ? null : shorten(verdict.reason()),
                verdict.judgedAt());
    }

    private static Note shorten(Note note) {
        return new Note(
                note.id(), note.stepNumber(), note.author(), shorten(note.text()), note.createdAt(), note.editedAt());
    }

    private static String shorten(String text) {
        return text.length() <= MAX_TEXT_LENGTH ? text : TextTruncator.truncate(text, MAX_TEXT_LENGTH - 1) + "…";
    }

    private static void writeCounts(JsonGenerator json, ResponseBudget budget, String field, Map<String, Long> counts)
            throws IOException {
        json.writeObjectFieldStart(field);
        for (Map.Entry<String, Long> count : counts.entrySet()) {
            if (!budget.writeIfFits(part -> part.writeNumberField(count.getKey(), count.getValue()))) {
                break;
            }
        }
        json.writeEndObject();
    }

    /** Returns whether all rows fitted. */
    private static boolean writeList(JsonGenerator json, ResponseBudget budget, String field, List<?> rows)
            throws IOException {
        json.writeArrayFieldStart(field);
        boolean fits = true;
        for (Object row : rows) {
            fits = budget.writeIfFits(part -> part.writeObject(row));
            if (!fits) {
                break;
            }
        }
        json.writeEndArray();
        return fits;
    }
}
