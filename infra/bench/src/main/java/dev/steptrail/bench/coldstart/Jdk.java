package dev.steptrail.bench.coldstart;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * A JDK to run functions on.
 *
 * @param home its folder
 * @param version the feature release, such as 25
 */
record Jdk(Path home, int version) {
    /** That of Lambda's runtime {@code java25}. */
    private static final int OF_LAMBDA = 25;

    private static final Path INSTALLED = Path.of("/usr/lib/jvm");

    /** The one that runs this, and besides it Lambda's release, if it is installed or {@code STEPTRAIL_JDK25} names its folder. */
    static List<Jdk> all() throws IOException {
        List<Jdk> all = new ArrayList<>();
        all.add(new Jdk(
                Path.of(System.getProperty("java.home")), Runtime.version().feature()));
        if (all.get(0).version() != OF_LAMBDA) {
            Path home = ofLambda();
            if (home == null) {
                System.err.println("coldstart: no JDK " + OF_LAMBDA + " is installed below " + INSTALLED
                        + "; STEPTRAIL_JDK25 can name the folder of one");
            } else {
                all.add(new Jdk(home, OF_LAMBDA));
            }
        }
        return all;
    }

    private static @Nullable Path ofLambda() throws IOException {
        String named = System.getenv("STEPTRAIL_JDK25");
        if (named != null) {
            return Path.of(named);
        }
        if (Files.isDirectory(INSTALLED)) {
            try (DirectoryStream<Path> homes = Files.newDirectoryStream(INSTALLED)) {
                for (Path home : homes) {
                    if (release(home) == OF_LAMBDA) {
                        return home;
                    }
                }
            }
        }
        return null;
    }

    /** As the JDK itself tells in its file {@code release}; 0 where there is none. */
    private static int release(Path home) throws IOException {
        Path file = home.resolve("release");
        if (!Files.exists(file) || !Files.isExecutable(home.resolve("bin").resolve("java"))) {
            return 0;
        }
        Properties told = new Properties();
        try (Reader text = Files.newBufferedReader(file)) {
            told.load(text);
        }
        String version = told.getProperty("JAVA_VERSION", "").replace("\"", "");
        return version.isEmpty() ? 0 : Runtime.Version.parse(version).feature();
    }

    Path java() {
        return home.resolve("bin").resolve("java");
    }
}
