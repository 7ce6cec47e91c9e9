package dev.steptrail.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.steptrail.cli.api.Listing;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code steptrail screenshots}: what an agent saw. */
@Command(
        name = "screenshots",
        description = {
            "List a task's screenshots, or save them all.",
            "With --json the list has their URLs, which for some minutes open to whoever has them.",
            "Exit code 1 if one could not be saved."
        })
final class ScreenshotsCommand extends TaskCommand {
    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Save them there, such as 0001-before.webp; those that are there already stay.")
    private @Nullable Path out;

    @Override
    public Integer call() throws IOException {
        Listing screenshots = Listing.of(path("/screenshots"), "screenshots");
        if (out != null) {
            return save(screenshots, out);
        }
        Table table = new Table()
                .column("STEP", screenshot -> JsonCell.of(screenshot.path("step_number")))
                .fields("role")
                .column("SIZE", ScreenshotsCommand::size)
                .column("BYTES", screenshot -> JsonCell.of(screenshot.path("file_size")))
                .column("SENSITIVE", screenshot -> screenshot.path("sensitive").asBoolean() ? "yes" : "no")
                .column("SHA-256", screenshot -> JsonCell.of(screenshot.path("file_hash")));
        show(screenshots, table);
        return 0;
    }

    private static String size(JsonNode screenshot) {
        return JsonCell.of(screenshot.path("width")) + "x" + JsonCell.of(screenshot.path("height"));
    }

    private int save(Listing screenshots, Path folder) throws IOException {
        try {
            Files.createDirectories(folder);
        } catch (FileAlreadyExistsException e) {
            throw new IOException(folder + " is there and is no folder: name another by --out", e);
        }
        PictureFolder.Outcome outcome = new PictureFolder(api(), screenshots, folder).fill();
        outcome.failures().forEach((file, reason) -> tellError(file + ": " + reason));
        if (json()) {
            print(JsonNodeFactory.instance
                    .objectNode()
                    .put("saved", outcome.saved())
                    .put("already_there", outcome.alreadyThere())
                    .put("failed", outcome.failures().size()));
        } else {
            tell("saved " + outcome.saved() + " screenshots to " + folder
                    + (outcome.alreadyThere() == 0 ? "" : "; " + outcome.alreadyThere() + " were there already"));
        }
        return outcome.failures().isEmpty() ? 0 : 1;
    }
}
