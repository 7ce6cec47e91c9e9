package dev.steptrail.bench.coldstart;

import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** Creates the folder of a function, as Lambda unpacks it: classes, and jars in {@code lib}. */
final class FunctionPackage {
    private FunctionPackage() {}

    /** Unpacks a zip file into a new folder. */
    static Path unpack(Path zip, Path folder) throws IOException {
        try (ZipInputStream entries = new ZipInputStream(Files.newInputStream(zip))) {
            for (ZipEntry entry = entries.getNextEntry(); entry != null; entry = entries.getNextEntry()) {
                Path file = folder.resolve(entry.getName()).normalize();
                if (!file.startsWith(folder)) {
                    throw new IOException(zip + " contains an entry outside the folder: " + entry.getName());
                }
                if (!entry.isDirectory()) {
                    Files.createDirectories(Objects.requireNonNull(file.getParent()));
                    Files.copy(entries, file);
                }
            }
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
