package dev.steptrail.cli.judging;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.steptrail.cli.api.ApiQuery;
import dev.steptrail.cli.command.ApiCommand;
import dev.steptrail.cli.command.TaskCommand;
import dev.steptrail.cli.terminal.Table;
import dev.steptrail.cli.terminal.TextFormat;
import java.io.IOException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "note",
        description = "Write notes on tasks and steps: list, add, edit or delete notes.",
        footer = {
            "  steptrail note add " + TaskCommand.EXAMPLE_ID + " \"The keyboard covers the button\" --step 3",
            "  steptrail note list " + TaskCommand.EXAMPLE_ID
        })
public final class NoteCommand extends ApiCommand {
    private static final String NOTE = "Note id, as printed by steptrail note list.";
    private static final String TEXT = "The text, 1 to 10,000 characters.";

    @Command(
            name = "list",
            description = "List the notes on a task and its steps, newest first.",
            footer = "  steptrail note list " + TaskCommand.EXAMPLE_ID)
    int list(@Parameters(paramLabel = "TASK", description = TaskCommand.TASK) UUID task) throws IOException {
        Table table = new Table(zone())
                .field("NOTE", "note_id")
                .field("STEP", "step_number")
                .fields("author", "created_at", "edited_at")
                .column("TEXT", note -> TextFormat.line(note.path("text")));
        return printList(new ApiQuery(path(task), "notes").limit(Integer.MAX_VALUE), table::lines);
    }

    @Command(
            name = "add",
            description = "Add a note on a task or on one of its steps.",
            footer = {
                "  steptrail note add " + TaskCommand.EXAMPLE_ID + " \"Try again with the new prompt\"",
                "  steptrail note add " + TaskCommand.EXAMPLE_ID + " \"The keyboard covers the button\" --step 3"
            })
    void add(
            @Parameters(paramLabel = "TASK", description = TaskCommand.TASK) UUID task,
            @Parameters(paramLabel = "TEXT", description = TEXT) String text,
            @Option(
                            names = "--step",
                            paramLabel = "N",
                            description = "The number of the step (default: the note is on the task).")
                    @Nullable
                    Integer step)
            throws IOException {
        ObjectNode body = object().put("text", text);
        if (step != null) {
            body.put("step_number", step);
        }
        JsonNode note = api().send("POST", path(task), body);
        print(note, "added note " + TextFormat.text(note.path("note_id")));
    }

    @Command(
            name = "edit",
            description = "Change the text of one of your notes.",
            footer = "  steptrail note edit " + TaskCommand.EXAMPLE_ID + " 9 \"The keyboard covers the send button\"")
    int edit(
            @Parameters(paramLabel = "TASK", description = TaskCommand.TASK) UUID task,
            @Parameters(paramLabel = "NOTE", description = NOTE) long note,
            @Parameters(paramLabel = "TEXT", description = TEXT) String text)
            throws IOException {
        print(api().send("PUT", path(task) + "/" + note, object().put("text", text)), "edited note " + note);
        return 0;
    }

    @Command(
            name = "delete",
            description = "Delete one of your notes. Admins may delete any note.",
            footer = "  steptrail note delete " + TaskCommand.EXAMPLE_ID + " 9")
    int delete(
            @Parameters(paramLabel = "TASK", description = TaskCommand.TASK) UUID task,
            @Parameters(paramLabel = "NOTE", description = NOTE) long note)
            throws IOException {
        api().send("DELETE", path(task) + "/" + note, null);
        print(object().put("deleted", note), "deleted note " + note);
        return 0;
    }

    private static String path(UUID task) {
        return "/api/tasks/" + task + "/notes";
    }
}
