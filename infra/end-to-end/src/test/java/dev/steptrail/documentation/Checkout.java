package dev.steptrail.documentation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;

/**
 * Copies this checkout, so that commands do not change the original. The copy contains links, except for files that
 * commands cannot use through links. Its programs come from the running build.
 */
final class Checkout {
    private static final Set<Path> FOLDERS = paths("agent-client", "agent-client/cli", "infra", "infra/local-cloud");
    private static final Set<Path> PROGRAMS = paths("agent-client/cli/target", "infra/local-cloud/target");
    private static final Set<Path> COPIED =
            paths("agent-client/steptrail", "agent-client/cli/samples", "infra/local-cloud/up");
    private static final Set<Path> OMITTED = paths(".git", ".steptrail", "outbox", "target");

    /** This file exists if a program is up to date; see {@code .mvn/build-if-stale.sh}. */
    private static final String STAMP = "built";

    private Checkout() {}

    static void copyTo(Path copy) throws IOException {
        copy(Pages.ROOT, copy);
        for (Path program : PROGRAMS) {
            Path stamp = copy.resolve(Pages.ROOT.relativize(program)).resolve(STAMP);
            Files.deleteIfExists(stamp); // a link
            Files.createFile(stamp);
        }
    }

    private static void copy(Path original, Path copy) throws IOException {
        Files.createDirectory(copy);
        List<Path> entries;
        try (Stream<Path> list = Files.list(original)) {
            entries = list.filter(entry -> !OMITTED.contains(entry)).toList();
        }
        for (Path entry : entries) {
            Path target = copy.resolve(entry.getFileName());
            if (FOLDERS.contains(entry) || PROGRAMS.contains(entry)) {
                copy(entry, target);
            } else if (COPIED.contains(entry)) {
                FileUtils.copyToDirectory(entry.toFile(), copy.toFile());
            } else {
                Files.createSymbolicLink(target, entry);
            }
        }
    }

    private static Set<Path> paths(String... names) {
        return Stream.of(names).map(Pages.ROOT::resolve).collect(Collectors.toUnmodifiableSet());
    }
}
