package dev.steptrail.shipper;

import com.sksamuel.scrimage.webp.CWebpHandler;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the encoder program in the user's cache folder. By itself scrimage unpacks it anew at each start, into the temporary
 * folder, and leaves 4.7 MB there each time.
 */
final class CwebpBinary {
    private static final Logger LOG = LoggerFactory.getLogger(CwebpBinary.class);
    private static final String FOLDER_PROPERTY = "com.sksamuel.scrimage.webp.binary.dir";
    private static final String VERSION = "libwebp-1.4.0";

    private CwebpBinary() {}

    static synchronized void installOnce() {
        if (System.getProperty(FOLDER_PROPERTY) != null) {
            return;
        }
        try {
            Optional<Path> installed = install();
            installed.ifPresent(folder -> System.setProperty(FOLDER_PROPERTY, folder.toString()));
        } catch (IOException | RuntimeException e) {
            LOG.debug("The encoder cannot be cached, so it is unpacked into the temporary folder", e);
        }
    }

    private static Optional<Path> install() throws IOException {
        Optional<String> resource = resource();
        if (resource.isEmpty()) {
            return Optional.empty();
        }
        Path folder = cacheFolder().resolve(VERSION);
        Path program = folder.resolve("cwebp");
        if (!Files.isExecutable(program)) {
            Files.createDirectories(folder);
            Path unfinished = Files.createTempFile(folder, "cwebp", ".tmp");
            try (InputStream in = CWebpHandler.class.getResourceAsStream(resource.get())) {
                if (in == null) {
                    return Optional.empty();
                }
                Files.copy(in, unfinished, StandardCopyOption.REPLACE_EXISTING);
                if (!unfinished.toFile().setExecutable(true)) {
                    return Optional.empty();
                }
                Files.move(unfinished, program, StandardCopyOption.ATOMIC_MOVE);
            } catch (FileAlreadyExistsException anotherProcessWasFaster) {
                LOG.debug("The encoder was installed meanwhile");
            } finally {
                Files.deleteIfExists(unfinished);
            }
        }
        return Optional.of(folder);
    }

    /** Where the jar holds the program for this machine; empty where scrimage's own way must do. */
    private static Optional<String> resource() {
        String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        boolean arm = System.getProperty("os.arch", "").matches("aarch64|arm.*");
        String platform;
        if (system.startsWith("linux")) {
            platform = arm ? "linux-aarch64" : "linux-x86-64";
        } else if (system.startsWith("mac")) {
            platform = arm ? "mac-arm64" : "mac-x86-64";
        } else {
            return Optional.empty();
        }
        return Optional.of("/dist_webp_binaries/" + VERSION + "-" + platform + "/bin/cwebp");
    }

    private static Path cacheFolder() {
        String cache = System.getenv("XDG_CACHE_HOME");
        Path base =
                cache == null || cache.isBlank() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(cache);
        return base.resolve("steptrail");
    }
}
