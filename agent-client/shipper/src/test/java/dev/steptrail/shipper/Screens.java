package dev.steptrail.shipper;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Input for tests: the project's samples, and real recordings where this machine has them. */
public final class Screens {
    /** Names a folder with {@code traces/*.json} and {@code phone-1080x2400.png}. */
    public static final String REAL_DATA = "STEPTRAIL_REAL_DATA";

    private static final Path SAMPLES = Path.of("samples").toAbsolutePath();

    private Screens() {}

    public static Path samples() {
        return SAMPLES;
    }

    public static Path sample(String run) {
        return SAMPLES.resolve(run).resolve(run + ".json");
    }

    /** The screens of a sample run, drawn, 1080 by 2400 pixels. */
    public static byte[] drawn(int number) {
        try {
            return Files.readAllBytes(SAMPLES.resolve("flower-photo-loop/screenshots/step_%03d.png".formatted(number)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static Optional<Path> realData() {
        return Optional.ofNullable(System.getenv(REAL_DATA))
                .filter(folder -> !folder.isBlank())
                .map(Path::of);
    }
}
