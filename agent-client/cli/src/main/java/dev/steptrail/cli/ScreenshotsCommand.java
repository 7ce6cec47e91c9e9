package dev.steptrail.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.steptrail.cli.api.Listing;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

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
        Listing screenshots = new Listing(path("/screenshots"), "screenshots");
        if (out != null) {
            return save(screenshots, out);
        }
        Table table = new Table()
                .field("STEP", "step_number")
                .fields("role")
                .column("SIZE", ScreenshotsCommand::size)
                .field("BYTES", "file_size")
                .yesNo("SENSITIVE", "sensitive")
                .field("SHA-256", "file_hash");
        return show(screenshots, table);
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
        PictureFolder pictures = new PictureFolder(api(), screenshots, folder);
        pictures.fill();
        pictures.failures().forEach((file, reason) -> printError(file + ": " + reason));
        print(
                object().put("saved", pictures.saved())
                        .put("already_there", pictures.alreadyThere())
                        .put("failed", pictures.failures().size()),
                "saved " + pictures.saved() + " screenshots to " + folder
                        + (pictures.alreadyThere() == 0 ? "" : "; " + pictures.alreadyThere() + " were there already"));
        return pictures.failures().isEmpty() ? 0 : 1;
    }
}
