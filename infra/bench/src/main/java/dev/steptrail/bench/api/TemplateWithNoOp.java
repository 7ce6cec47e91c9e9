package dev.steptrail.bench.api;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** sam-template.yaml as it is, and beside its functions {@link NoOpHandler}, which nobody deploys. */
final class TemplateWithNoOp {
    private static final Path DEPLOYED = Path.of("sam-template.yaml");
    private static final String RESOURCES = "\nResources:\n";
    private static final String NO_OP = "no-op.yaml";

    private TemplateWithNoOp() {}

    /** Writes it into this file. */
    static void write(Path file) throws IOException {
        String deployed = Files.readString(DEPLOYED);
        if (!deployed.contains(RESOURCES)) {
            throw new IOException(DEPLOYED + " has no line `Resources:`");
        }
        Files.writeString(file, deployed.replace(RESOURCES, RESOURCES + noOp()));
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
