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

/** Reads the resources of a folder from the jar or, if the project is not packaged yet, from the build folder. */
final class ClasspathResources {
    private ClasspathResources() {}

    /** Returns the contents of the folder's files by their paths, which are relative to the folder. */
    static Map<String, byte[]> read(String folder) throws IOException {
        Path codeLocation = codeLocation();
        return Files.isDirectory(codeLocation)
                ? readFolder(codeLocation.resolve(folder))
                : readJar(codeLocation, folder + "/");
    }

    static boolean isFolder() {
        return Files.isDirectory(codeLocation());
    }

    private static Path codeLocation() {
        try {
            return Path.of(ClasspathResources.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException("the location of the class ClasspathResources is not a valid URI", e);
        }
    }

    /** Does not use the zip file system provider, because loading it takes longer than reading these files. */
    private static Map<String, byte[]> readJar(Path file, String prefix) throws IOException {
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

    private static Map<String, byte[]> readFolder(Path folder) throws IOException {
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
