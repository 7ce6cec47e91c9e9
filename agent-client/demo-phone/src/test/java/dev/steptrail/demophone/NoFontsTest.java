package dev.steptrail.demophone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Draws a screen in a separate JVM and checks which classes and native libraries it loaded. */
class NoFontsTest {
    @TempDir
    Path folder;

    @Test
    void screenshot_needsNeitherJavasFontsNorFreetype() throws IOException, InterruptedException {
        Path log = folder.resolve("loaded.log");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xlog:class+load,library*=info:file=" + log,
                        "-cp",
                        System.getProperty("java.class.path"),
                        Drawing.class.getName(),
                        folder.resolve("screen.png").toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("output.txt").toFile())
                .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();

        assertThat(process.exitValue())
                .as(Files.readString(folder.resolve("output.txt")))
                .isZero();
        assertThat(folder.resolve("screen.png")).isNotEmptyFile();
        assertThat(Files.readString(log))
                .contains("dev.steptrail.demophone.internal.screen.Typeface")
                .doesNotContain(
                        "sun.font.FontManagerFactory", "sun.font.SunFontManager", "libfontmanager", "libfreetype");
    }

    /** The main method of the child process. */
    static final class Drawing {
        private Drawing() {}

        public static void main(String[] arguments) throws IOException {
            Files.write(Path.of(arguments[0]), new SimulatedPhone(Clock.systemUTC()).screenshot());
        }
    }
}
