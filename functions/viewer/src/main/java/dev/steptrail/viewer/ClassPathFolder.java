package dev.steptrail.viewer;

import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/** A folder beside this class, in a jar or, while it is built, on the disk. */
final class ClassPathFolder {
    private ClassPathFolder() {}

    /** Its files' contents by their names, which begin where the folder's ends. */
    static Map<String, byte[]> read(String folder) throws IOException {
        Path home = home();
        return Files.isDirectory(home) ? ofDisk(home.resolve(folder)) : ofJar(home, folder + "/");
    }

    private static Path home() {
        try {
            return Path.of(ClassPathFolder.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException("this class comes from nowhere", e);
        }
    }

    /** Not by a file system of the jar: to load that takes longer than to read these files. */
    private static Map<String, byte[]> ofJar(Path file, String prefix) throws IOException {
        Map<String, byte[]> contents = new TreeMap<>();
        try (JarFile jar = new JarFile(file.toFile())) {
            for (JarEntry entry : Collections.list(jar.entries())) {
                if (entry.getName().startsWith(prefix) && !entry.isDirectory()) {
                    try (InputStream content = jar.getInputStream(entry)) {
                        contents.put(entry.getName().substring(prefix.length()), content.readAllBytes());
                    }
                }
            }
        }
        return contents;
    }

    private static Map<String, byte[]> ofDisk(Path folder) throws IOException {
        List<Path> files;
        try (Stream<Path> walk = Files.walk(folder)) {
            files = walk.filter(Files::isRegularFile).toList();
        }
        Map<String, byte[]> contents = new TreeMap<>();
        for (Path file : files) {
            contents.put(folder.relativize(file).toString().replace('\\', '/'), Files.readAllBytes(file));
        }
        return contents;
    }
}
