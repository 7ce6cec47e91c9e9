package dev.steptrail.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.steptrail.api.Problem.Kind;
import dev.steptrail.api.json.Json;
import dev.steptrail.stepformat.WhiteSpace;
import dev.steptrail.store.jdbc.Page;
import dev.steptrail.store.judgements.NoteRepository;
import dev.steptrail.store.judgements.NoteRepository.Note;
import dev.steptrail.store.judgements.TaskFullException;
import dev.steptrail.store.model.Task;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The routes by which an owner writes notes on a task and its steps. */
record NoteRoutes(NoteRepository notes) {
    private static final CursorCodec<Long> CURSORS = CursorCodec.forIds("notes.desc");

    private static final String TEXT = "text";
    private static final String STEP_NUMBER = "step_number";

    /** {@code GET /api/tasks/{task_id}/notes}: returns the notes on a task and its steps, newest first. */
    Response list(Request request, Task task) {
        Query query = request.query();
        Page<Note> page = notes.page(task.taskId(), query.startKey(CURSORS), query.limit());
        return Response.noStoreJson(Json.writeList("notes", page, note -> CURSORS.encode(note.id())));
    }

    /** {@code POST /api/tasks/{task_id}/notes}: adds a note on the task or, with {@code step_number}, on a step. */
    Response add(Request request, Task task) {
        JsonBody body = JsonBody.parse(request.body(), List.of(TEXT, STEP_NUMBER));
        String text = text(body);
        @Nullable
        Integer stepNumber = body.has(STEP_NUMBER) ? stepNumber(body.fields().get(STEP_NUMBER)) : null;
        try {
            return notes.add(task.taskId(), stepNumber, text, request.caller().owner())
                    .map(Response::created)
                    .orElseThrow(() -> Problem.missing(Kind.NO_SUCH_STEP, String.valueOf(stepNumber)));
        } catch (TaskFullException e) {
            throw new Problem(Kind.TOO_MANY_NOTES);
        }
    }

    /** {@code PUT /api/tasks/{task_id}/notes/{note_id}}: changes the text of one of the caller's notes. */
    Response edit(Request request, Task task) {
        String text = text(JsonBody.parse(request.body(), List.of(TEXT)));
        Note note = find(request, task);
        if (!note.author().equals(request.caller().owner())) {
            throw new Problem(Kind.NOT_THE_AUTHOR);
        }
        return notes.edit(task.taskId(), note.id(), text, request.caller().owner())
                .map(Response::noStoreJson)
                .orElseThrow(() -> Problem.missing(Kind.NO_SUCH_NOTE, note.id())); // a concurrent request deleted it
    }

    /**
     * {@code DELETE /api/tasks/{task_id}/notes/{note_id}}: deletes one of the caller's notes. An admin may delete any
     * note.
     */
    Response delete(Request request, Task task) {
        Note note = find(request, task);
        if (!note.author().equals(request.caller().owner()) && !request.caller().admin()) {
            throw new Problem(Kind.NOT_THE_AUTHOR);
        }
        if (!notes.delete(task.taskId(), note.id(), request.caller().owner())) {
            throw Problem.missing(Kind.NO_SUCH_NOTE, note.id()); // a concurrent request deleted it
        }
        return Response.noContent();
    }

    private Note find(Request request, Task task) {
        long id = request.rowId("note_id", Kind.NO_SUCH_NOTE);
        return notes.find(task.taskId(), id).orElseThrow(() -> Problem.missing(Kind.NO_SUCH_NOTE, id));
    }

    private static String text(JsonBody body) {
        String text = NameValidator.requireText(TEXT, body.string(TEXT), NoteRepository.MAX_LENGTH);
        if (WhiteSpace.isBlank(text)) {
            throw Problem.invalidValue(TEXT, "must not be blank", text);
        }
        return text;
    }

    private static int stepNumber(JsonNode value) {
        if (!value.isIntegralNumber() || !value.canConvertToInt() || value.intValue() < 1) {
            throw Problem.invalidValue(STEP_NUMBER, "must be a whole number from 1 to " + Integer.MAX_VALUE, value);
        }
        return value.intValue();
    }
}
