package dev.steptrail.cli.login;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Stores the login for one API in a file that only its owner can read. The files of all APIs are in one folder, {@code
 * logins} in the user's configuration folder: {@code $XDG_CONFIG_HOME/steptrail}, otherwise {@code %APPDATA%\steptrail}
 * on Windows and {@code ~/.config/steptrail} elsewhere. Thread-safe; several processes may use it concurrently.
 */
public final class LoginStore {
    private static final JsonMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private static final boolean POSIX =
            FileSystems.getDefault().supportedFileAttributeViews().contains("posix");

    private static final Set<PosixFilePermission> OWNER = EnumSet.of(
            PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE);

    /** Excludes other threads of this process, which cannot wait for each other's file lock. */
    private static final Object PROCESS_LOCK = new Object();

    /** Null if this user has no home folder. */
    private final @Nullable Path file;

    /** An operation that may fail. */
    interface Operation<T> {
        T run() throws IOException;
    }

    /**
     * Creates a store without accessing the disk.
     *
     * @param environment the environment variables
     * @param api the URL of the API; APIs with the same origin share a login
     */
    public LoginStore(Map<String, String> environment, String api) {
        URI url = URI.create(api);
        String origin = url.getScheme() + "_" + url.getHost() + (url.getPort() < 0 ? "" : "_" + url.getPort());
        String name = origin.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9._-]", "-");
        Path folder = configFolder(environment);
        this.file = folder == null ? null : folder.resolve("logins").resolve(name + ".json");
    }

    private static @Nullable Path configFolder(Map<String, String> environment) {
        String xdg = environment.getOrDefault("XDG_CONFIG_HOME", "");
        String appData = environment.getOrDefault("APPDATA", "");
        if (Path.of(xdg).isAbsolute()) {
            return Path.of(xdg, "steptrail");
        }
        if (File.separatorChar == '\\' && !appData.isEmpty()) {
            return Path.of(appData, "steptrail");
        }
        String home = environment.getOrDefault("HOME", System.getProperty("user.home", "?"));
        return Path.of(home).isAbsolute() ? Path.of(home, ".config", "steptrail") : null;
    }

    /** Returns whether a login is stored. */
    public boolean exists() {
        return file != null && Files.exists(file);
    }

    /**
     * Reads the login; null if there is none.
     *
     * @throws IOException if the file is damaged, or if other users can read it
     */
    public @Nullable Login read() throws IOException {
        if (file == null) {
            return null;
        }
        try {
            if (POSIX && !OWNER.containsAll(Files.getPosixFilePermissions(file))) {
                throw new IOException("other users may access " + file + " ("
                        + PosixFilePermissions.toString(Files.getPosixFilePermissions(file))
                        + "), which contains your tokens; run chmod 600 '" + file
                        + "', or steptrail logout and steptrail login if someone may have read it");
            }
            return readShared();
        } catch (NoSuchFileException none) {
            return null;
        }
    }

    /** Reads the login even if other users can read it, in order to revoke it. */
    Login readShared() throws IOException {
        byte[] content = Files.readAllBytes(requireFile());
        try {
            Login login = JSON.readValue(content, Login.class);
            if (login != null && login.accessToken() != null) {
                return login;
            }
        } catch (JsonProcessingException e) {
            // Not rethrown, because its message may contain a part of the file.
        }
        throw new IOException(file + " is damaged; run steptrail login to replace it");
    }

    /** Replaces the login atomically. */
    void write(Login login) throws IOException {
        Path temporary = Files.createTempFile(folder(), "login", ".tmp"); // with permissions 0600
        try {
            Files.write(temporary, JSON.writeValueAsBytes(login));
            Files.move(temporary, requireFile(), ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    void delete() throws IOException {
        Files.deleteIfExists(requireFile());
    }

    /** Runs an operation while no other process changes a login. Creates the folder. */
    <T> T locked(Operation<T> operation) throws IOException {
        Path folder = folder();
        if (POSIX) {
            Files.createDirectories(folder, PosixFilePermissions.asFileAttribute(OWNER));
        } else {
            Files.createDirectories(folder);
        }
        synchronized (PROCESS_LOCK) {
            try (FileChannel channel = FileChannel.open(folder.resolve("lock"), CREATE, WRITE)) {
                channel.lock(); // released when the channel is closed
                return operation.run();
            }
        }
    }

    private Path folder() throws IOException {
        return requireFile().resolveSibling("");
    }

    private Path requireFile() throws IOException {
        if (file == null) {
            throw new IOException("this user has no home folder in which a login can be stored; set XDG_CONFIG_HOME");
        }
        return file;
    }
}
