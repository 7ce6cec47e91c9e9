package dev.steptrail.endtoend;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A run that Open-AutoGLM's recorder wrote to a file. */
public record Recording(Path file, JsonNode json) {
    /** The project's samples. */
    public static final Path SAMPLES = Program.ROOT.resolve("agent-client/cli/samples");

    static Recording read(Path file) {
        try {
            return new Recording(file, ExactJson.read(Files.readAllBytes(file)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns all recordings in a folder and its subfolders. */
    static List<Recording> in(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".json"))
                    .sorted()
                    .map(Recording::read)
                    .toList();
        }
    }

    JsonNode metadata() {
        return json.get("metadata");
    }

    JsonNode steps() {
        return json.get("steps");
    }

    boolean finished() {
        return !steps().isEmpty()
                && steps().get(steps().size() - 1)
                        .path("action_data")
                        .path("_metadata")
                        .asText()
                        .equals("finish");
    }

    @Override
    public String toString() {
        return file.getFileName().toString();
    }
}
