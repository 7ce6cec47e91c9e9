package dev.steptrail.shipper.internal.screenshot;

import com.sksamuel.scrimage.webp.CWebpHandler;
import dev.steptrail.tracker.internal.outbox.AtomicFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Installs {@code cwebp} and {@code dwebp} from the scrimage-webp jar in the user's cache folder, or, if that fails, in
 * a temporary folder until this process exits. A program whose checksum differs from the jar's, for example after a
 * power failure, is installed again.
 */
final class EncoderPrograms {
    private static final Logger LOG = LoggerFactory.getLogger(EncoderPrograms.class);
    private static final String VERSION = "libwebp-1.4.0";
    private static final Map<String, Path> CHECKED = new HashMap<>();

    private EncoderPrograms() {}

    /**
     * Returns the path of the program, after installing it if necessary.
     *
     * @throws IOException if the jar has no program for this machine, or no folder is writable
     */
    static synchronized Path installIfMissing(String name) throws IOException {
        Path checked = CHECKED.get(name);
        if (checked != null && Files.isExecutable(checked)) {
            return checked;
        }
        Path program = install(name);
        CHECKED.put(name, program);
        return program;
    }

    private static Path install(String name) throws IOException {
        URL packed = CWebpHandler.class.getResource(resource(name));
        if (packed == null) {
            throw new IOException("scrimage-webp has no " + name + " for this machine");
        }
        try {
            return install(name, packed, Files.createDirectories(cacheFolder().resolve(VERSION)));
        } catch (IOException e) {
            LOG.debug("Failed to install {} in the cache folder", name, e);
            Path temporary = Files.createTempDirectory("steptrail-webp");
            temporary.toFile().deleteOnExit();
            Path program = install(name, packed, temporary);
            program.toFile().deleteOnExit();
            return program;
        }
    }

    private static Path install(String name, URL packed, Path folder) throws IOException {
        Path program = folder.resolve(name + suffix());
        if (Files.isExecutable(program) && crc(Files.newInputStream(program)) == crc(packed)) {
            return program;
        }
        AtomicFile.replace(program, unfinished -> {
            try (InputStream in = packed.openStream()) {
                Files.copy(in, unfinished, StandardCopyOption.REPLACE_EXISTING);
            }
            if (!unfinished.toFile().setExecutable(true)) {
                throw new IOException(unfinished + " cannot be made executable");
            }
            try (FileChannel written = FileChannel.open(unfinished, StandardOpenOption.WRITE)) {
                written.force(true);
            }
        });
        return program;
    }

    /** Reads the CRC from the jar's index, without unpacking the program. */
    private static long crc(URL packed) throws IOException {
        URLConnection connection = packed.openConnection();
        return connection instanceof JarURLConnection jar ? jar.getJarEntry().getCrc() : crc(packed.openStream());
    }

    private static long crc(InputStream in) throws IOException {
        CRC32 crc = new CRC32();
        try (CheckedInputStream checked = new CheckedInputStream(in, crc)) {
            checked.transferTo(OutputStream.nullOutputStream());
        }
        return crc.getValue();
    }

    /** Returns the path within the jar of the program for this machine. */
    private static String resource(String name) {
        boolean arm = System.getProperty("os.arch", "").matches("aarch64|arm.*");
        String platform;
        if (osName().startsWith("windows")) {
            platform = "windows-x64";
        } else if (osName().startsWith("mac")) {
            platform = arm ? "mac-arm64" : "mac-x86-64";
        } else {
            platform = arm ? "linux-aarch64" : "linux-x86-64";
        }
        return "/dist_webp_binaries/" + VERSION + "-" + platform + "/bin/" + name + suffix();
    }

    private static String suffix() {
        return osName().startsWith("windows") ? ".exe" : "";
    }

    private static String osName() {
        return System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    }

    private static Path cacheFolder() throws IOException {
        String cache = System.getenv("XDG_CACHE_HOME");
        String homeVariable = System.getenv("HOME"); // like the outbox's default folder
        String home =
                homeVariable == null || homeVariable.isBlank() ? System.getProperty("user.home", "?") : homeVariable;
        if (cache != null && !cache.isBlank()) {
            return Path.of(cache, "steptrail");
        } else if (home.equals("?")) { // Java's value for a user without an account, for example in a container
            throw new IOException("this user has no home folder, and XDG_CACHE_HOME is not set");
        }
        return Path.of(home, ".cache", "steptrail");
    }
}
