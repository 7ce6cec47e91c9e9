package dev.steptrail.bench.coldstart;

import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.apache.commons.io.file.PathUtils;

/** Creates the folder of a function, as Lambda unpacks it: classes, and jars in {@code lib}. */
final class FunctionPackage {
    private FunctionPackage() {}

    /** Unpacks a zip file into a new folder. */
    static Path unpack(Path zip, Path folder) throws IOException {
        try (FileSystem entries = FileSystems.newFileSystem(zip)) {
            PathUtils.copyDirectory(entries.getPath("/"), folder);
        }
        return folder;
    }

    /** Creates a folder with the handler, which must use no other class of this module, and the libraries' jars. */
    static Path create(Class<?> handler, List<Class<?>> libraries, Path folder) throws IOException {
        Path lib = Files.createDirectories(folder.resolve("lib"));
        Path classFile = folder.resolve(handler.getName().replace('.', '/') + ".class");
        Files.createDirectories(Objects.requireNonNull(classFile.getParent()));
        try (InputStream bytes = handler.getResourceAsStream(handler.getSimpleName() + ".class")) {
            Files.copy(Objects.requireNonNull(bytes), classFile);
        }
        for (Class<?> library : libraries) {
            Path file = jarOf(library);
            Files.copy(file, lib.resolve(Objects.requireNonNull(file.getFileName())));
        }
        return folder;
    }

    /** Returns the jar that contains this class. */
    static Path jarOf(Class<?> type) {
        try {
            return Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
