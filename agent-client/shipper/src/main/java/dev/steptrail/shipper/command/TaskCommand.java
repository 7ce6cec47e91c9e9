package dev.steptrail.shipper.command;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.steptrail.shipper.api.WholeFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.UUID;
import picocli.CommandLine.Parameters;

/** What the commands have in common that read one task. */
abstract class TaskCommand extends ApiCommand {
    @Parameters(paramLabel = "TASK", description = "Its id, as tasks shows it.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private UUID task;

    final UUID task() {
        return task;
    }

    /** @param route such as {@code /steps} */
    final String path(String route) {
        return "/api/tasks/" + task + route;
    }

    /** Saves a file that the API gives, or makes first, and tells where. */
    final void save(String path, Path to) throws IOException {
        WholeFile file = WholeFile.at(to);
        long length;
        try (InputStream content = open(path)) {
            length = file.write(content);
        }
        if (json()) {
            print(JsonNodeFactory.instance
                    .objectNode()
                    .put("file", to.toString())
                    .put("bytes", length));
        } else {
            tell("saved " + to + " (" + length + " bytes)");
        }
    }

    /** A file that the API gives, or makes first. */
    final InputStream open(String path) throws IOException {
        return api().file(path, () -> tellError("the API is making it: this waits until it is done"));
    }
}
