package dev.steptrail.openautoglm;

import dev.steptrail.stepformat.MemoryFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Runs each scenario once for all test classes, because starting Python takes longer than most scenarios. Tests must
 * not change the outbox, which is deleted after the last test class. Thread-safe.
 */
final class PlayedScenarios implements BeforeAllCallback {
    private static final ExtensionContext.Namespace NAMESPACE =
            ExtensionContext.Namespace.create(PlayedScenarios.class);

    private Played played;

    private record Played(Path folder, ConcurrentMap<String, FutureTask<Scenario>> byName) implements AutoCloseable {
        @Override
        public void close() throws IOException {
            try (Stream<Path> files = Files.walk(folder)) {
                files.sorted(Comparator.reverseOrder())
                        .forEach(file -> file.toFile().delete());
            } catch (UncheckedIOException ignored) {
                // A process that is still exiting has deleted one of its files. The folder is in memory, so the rest
                // may stay.
            }
        }
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        played = context.getRoot()
                .getStore(NAMESPACE)
                .getOrComputeIfAbsent(Played.class, key -> newPlayed(), Played.class);
    }

    private static Played newPlayed() {
        try {
            return new Played(MemoryFolder.create(), new ConcurrentHashMap<>());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the result of the scenario {@code name}. Waits if another test is running it. */
    Scenario get(String name) throws Exception {
        FutureTask<Scenario> task = new FutureTask<>(() -> Scenario.play(
                name, Files.createDirectory(played.folder().resolve(name)).resolve("outbox")));
        FutureTask<Scenario> earlier = played.byName().putIfAbsent(name, task);
        if (earlier != null) {
            return earlier.get();
        }
        task.run();
        return task.get();
    }
}
