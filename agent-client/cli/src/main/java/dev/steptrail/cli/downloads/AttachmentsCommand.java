package dev.steptrail.cli.downloads;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.steptrail.cli.api.Api;
import dev.steptrail.cli.api.ApiQuery;
import dev.steptrail.cli.command.TaskCommand;
import dev.steptrail.cli.terminal.Table;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "attachments",
        description = {
            "List the complete values of large fields of a task and its steps, or download them.",
            "Such fields are the instruction, the thinking, and what models received and returned.",
            "Smaller values are part of the task and its steps: see steptrail steps --model-calls."
        },
        exitCodeList = "1:failure, or at least one attachment was not downloaded",
        footer = {
            "  steptrail attachments " + TaskCommand.EXAMPLE_ID,
            "  steptrail attachments " + TaskCommand.EXAMPLE_ID + " --out calls"
        })
public final class AttachmentsCommand extends DownloadCommand {
    /** A part of the name of a file. */
    private static final Pattern FIELD_NAME = Pattern.compile("[a-z_]{1,40}");

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Download the attachments to this folder, with names such as 000001-model_input.json.gz."
                    + " Attachments that it already contains are skipped.")
    private @Nullable Path out;

    @Override
    public Integer call() throws IOException {
        if (out != null) {
            return save(out, "attachment", folder -> save(read(), folder));
        }
        List<JsonNode> attachments = read();
        if (json()) {
            ObjectNode list = object();
            list.putArray("attachments").addAll(attachments);
            print(list.toString());
            return 0;
        }
        new Table(zone())
                .field("STEP", "step_number")
                .fields("field")
                .field("COMPRESSED BYTES", "file_size")
                .field("SHA-256", "file_hash")
                .lines(attachments)
                .forEach(this::println);
        return 0;
    }

    /** Returns the attachments of the task, and those of all steps with the number of the step. */
    private List<JsonNode> read() throws IOException {
        ApiQuery steps = new ApiQuery(path("/steps"), "steps").withParameter("include_model_calls", true);
        Api api = api();
        List<JsonNode> attachments = new ArrayList<>();
        JsonNode task = api.send("GET", path(""), null);
        for (String extra : List.of("extra_start_fields", "extra_end_fields")) {
            for (JsonNode attachment : task.path(extra).path("attachments")) {
                if (attachment.path("field").asText().equals("other_fields")) {
                    ((ObjectNode) attachment).put("field", extra);
                }
                attachments.add(attachment);
            }
        }
        while (steps.hasNext()) { // page by page, because steps with model calls are large
            for (JsonNode step : steps.readNext(api)) {
                for (JsonNode attachment : step.path("attachments")) {
                    ObjectNode withStep = object();
                    withStep.set("step_number", step.path("step_number"));
                    withStep.setAll((ObjectNode) attachment);
                    attachments.add(withStep);
                }
            }
        }
        return attachments;
    }

    private SavedFiles save(List<JsonNode> attachments, Path folder) throws IOException {
        Api api = api();
        SavedFiles saved = new SavedFiles(folder);
        for (JsonNode attachment : attachments) {
            String field = attachment.path("field").asText();
            if (!FIELD_NAME.matcher(field).matches()) {
                throw new IOException("The server returned an attachment with an invalid field name");
            }
            JsonNode step = attachment.path("step_number");
            String owner = step.isInt() ? String.format(Locale.ROOT, "%06d", step.asInt()) : "task";
            String name = owner + "-" + field + ".json.gz";
            String route = step.isInt() ? "/api/steps/" + task() + "." + step + "/attachment" : path("/attachment");
            saved.save(name, name, attachment.path("file_hash").textValue(), () -> api.openUrl(url(api, route, field)));
        }
        return saved;
    }

    private static String url(Api api, String path, String field) throws IOException {
        String route = new ApiQuery(path, "attachment")
                .withParameter("field", field)
                .withParameter("redirect", false)
                .pathAndQuery();
        return api.send("GET", route, null).path("url").asText();
    }
}
