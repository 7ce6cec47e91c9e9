package dev.steptrail.shipper.screenshot;

import com.sksamuel.scrimage.webp.CWebpHandler;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the programs {@code cwebp} and {@code dwebp} in the user's cache folder. By itself scrimage unpacks them anew at each
 * start, into the temporary folder, and leaves 6.7 MB there each time.
 */
final class EncoderPrograms {
    private static final Logger LOG = LoggerFactory.getLogger(EncoderPrograms.class);
    private static final String FOLDER_PROPERTY = "com.sksamuel.scrimage.webp.binary.dir";
    private static final String VERSION = "libwebp-1.4.0";

    private EncoderPrograms() {}

    static synchronized void installOnce() {
        if (System.getProperty(FOLDER_PROPERTY) != null) {
            return;
        }
        try {
            Path folder = cacheFolder().resolve(VERSION);
            if (install(folder, "cwebp") && install(folder, "dwebp")) {
                System.setProperty(FOLDER_PROPERTY, folder.toString());
            }
        } catch (IOException | RuntimeException e) {
            LOG.debug("The encoder cannot be cached, so it is unpacked into the temporary folder", e);
        }
    }

    /**
     * One of the programs that {@link #installOnce} left.
     *
     * @throws IOException if it is not there, so that only scrimage knows of one
     */
    static Path installed(String name) throws IOException {
        String folder = System.getProperty(FOLDER_PROPERTY);
        if (folder == null || !Files.isExecutable(Path.of(folder, name))) {
            throw new IOException("no " + name + " is installed in the cache");
        }
        return Path.of(folder, name);
    }

    private static boolean install(Path folder, String name) throws IOException {
        Path program = folder.resolve(name);
        if (Files.isExecutable(program)) {
            return true;
        }
        Files.createDirectories(folder);
        Path unfinished = Files.createTempFile(folder, name, ".tmp");
        try (InputStream in = CWebpHandler.class.getResourceAsStream(resource(name))) {
            if (in == null) {
                return false;
            }
            Files.copy(in, unfinished, StandardCopyOption.REPLACE_EXISTING);
            if (!unfinished.toFile().setExecutable(true)) {
                return false;
            }
            Files.move(unfinished, program, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileAlreadyExistsException anotherProcessWasFaster) {
            LOG.debug("The encoder was installed meanwhile");
        } finally {
            Files.deleteIfExists(unfinished);
        }
        return true;
    }

    /** Where the jar holds the program for this machine. */
    private static String resource(String name) {
        String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        boolean arm = System.getProperty("os.arch", "").matches("aarch64|arm.*");
        String platform;
        String suffix = "";
        if (system.startsWith("windows")) {
            platform = "windows-x64";
            suffix = ".exe";
        } else if (system.startsWith("mac")) {
            platform = arm ? "mac-arm64" : "mac-x86-64";
        } else {
            platform = arm ? "linux-aarch64" : "linux-x86-64";
        }
        return "/dist_webp_binaries/" + VERSION + "-" + platform + "/bin/" + name + suffix;
    }

    private static Path cacheFolder() {
        String cache = System.getenv("XDG_CACHE_HOME");
        Path base =
                cache == null || cache.isBlank() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(cache);
        return base.resolve("steptrail");
    }
}
