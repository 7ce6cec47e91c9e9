package dev.steptrail.cli.downloads;

import dev.steptrail.cli.command.TaskCommand;
import dev.steptrail.cli.terminal.TextFormat;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A command that saves the files of a task in a folder. */
abstract class DownloadCommand extends TaskCommand {
    /** Saves the files. */
    interface Download {
        SavedFiles into(Path folder) throws IOException;
    }

    /**
     * Creates the folder, saves the files, and prints the failures and the counts.
     *
     * @param noun describes a file, such as {@code screenshot}
     * @return the exit code
     */
    final int save(Path folder, String noun, Download download) throws IOException {
        try {
            Files.createDirectories(folder);
        } catch (FileAlreadyExistsException e) {
            throw new IOException(folder + " exists and is not a folder: choose another one with --out", e);
        }
        SavedFiles files = download.into(folder);
        files.failures().forEach((file, reason) -> printError(file + ": " + reason));
        int skipped = files.skipped();
        int failed = files.failures().size();
        int written = files.names().size() - skipped;
        print(
                object().put("saved", written).put("already_there", skipped).put("failed", failed),
                "saved " + TextFormat.count(written, noun) + " to " + folder
                        + (skipped == 0 ? "" : "; skipped " + TextFormat.count(skipped, "existing file")));
        return failed == 0 ? 0 : 1;
    }
}
