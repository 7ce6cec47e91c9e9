package dev.steptrail.bench.api;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** sam-template.yaml as it is, and beside its functions {@link NoOpHandler}, which nobody deploys. */
final class TemplateWithNoOp {
    private static final String RESOURCES = "\nResources:\n";
    private static final String NO_OP = "no-op.yaml";

    private TemplateWithNoOp() {}

    /**
     * Writes it into a file.
     *
     * @param deployed sam-template.yaml
     */
    static void write(Path deployed, Path file) throws IOException {
        String template = Files.readString(deployed);
        if (!template.contains(RESOURCES)) {
            throw new IOException(deployed + " has no line `Resources:`");
        }
        Files.writeString(file, template.replace(RESOURCES, RESOURCES + noOp()));
    }

    private static String noOp() throws IOException {
        try (InputStream resource = TemplateWithNoOp.class.getResourceAsStream(NO_OP)) {
            if (resource == null) {
                throw new FileNotFoundException(NO_OP);
            }
            return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
