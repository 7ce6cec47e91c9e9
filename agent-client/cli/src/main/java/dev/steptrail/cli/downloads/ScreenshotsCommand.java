package dev.steptrail.cli.downloads;

import com.fasterxml.jackson.databind.JsonNode;
import dev.steptrail.cli.api.ApiQuery;
import dev.steptrail.cli.command.TaskCommand;
import dev.steptrail.cli.terminal.Table;
import dev.steptrail.cli.terminal.TextFormat;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "screenshots",
        description = {
            "List the screenshots of a task, or download them.",
            "With --json, the list contains URLs that work without a token, by default for 5 minutes."
        },
        exitCodeList = "1:failure, or at least one screenshot was not downloaded",
        footer = {
            "  steptrail screenshots " + TaskCommand.EXAMPLE_ID,
            "  steptrail screenshots " + TaskCommand.EXAMPLE_ID + " --out pictures"
        })
public final class ScreenshotsCommand extends DownloadCommand {
    @Option(
            names = "--out",
            paramLabel = "DIR",
            description =
                    "Download the screenshots to this folder, with names such as 0001-before.webp. Screenshots that it"
                            + " already contains are skipped.")
    private @Nullable Path out;

    @Override
    public Integer call() throws IOException {
        ApiQuery screenshots = new ApiQuery(path("/screenshots"), "screenshots");
        if (out != null) {
            return save(out, "screenshot", folder -> save(screenshots, folder));
        }
        Table table = new Table(zone())
                .field("STEP", "step_number")
                .fields("role")
                .column("SIZE", ScreenshotsCommand::size)
                .field("BYTES", "file_size")
                .yesNo("SENSITIVE", "sensitive")
                .field("SHA-256", "file_hash");
        return printList(screenshots, table::lines);
    }

    private static String size(JsonNode screenshot) {
        return TextFormat.text(screenshot.path("width")) + "x" + TextFormat.text(screenshot.path("height"));
    }

    private SavedFiles save(ApiQuery query, Path folder) throws IOException {
        try (ScreenshotSaver saver = new ScreenshotSaver(api())) {
            return saver.save(query, folder, Long.MAX_VALUE);
        }
    }
}
