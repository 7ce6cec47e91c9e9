package dev.steptrail.cli.login;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.steptrail.cli.api.Api;
import dev.steptrail.tracker.internal.outbox.AtomicFile;
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
import java.nio.file.attribute.UserPrincipal;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Stores the login for one API in a file that only its owner can read. The files of all APIs are in one folder,
 * {@code logins} in the user's configuration folder: {@code $XDG_CONFIG_HOME/steptrail}, otherwise
 * {@code %APPDATA%\steptrail} on Windows and {@code ~/.config/steptrail} elsewhere. Thread-safe; several processes may
 * use it concurrently.
 *
 * <p>Refuses files and folders that another user may have written, because a forged login could send the refresh token
 * to another host. Except for symbolic links, this is checked on POSIX file systems only.
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

    private static final Set<PosixFilePermission> WRITABLE_BY_OTHERS =
            EnumSet.of(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE);

    /** Serialises the threads of this process, because a file lock excludes only other processes. */
    private static final Object PROCESS_LOCK = new Object();

    private final String origin;

    /** Null if this user has no home folder. */
    private final @Nullable Path file;

    private final Operation<UserPrincipal> user;

    private volatile @Nullable UserPrincipal knownUser;

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
        this(environment, api, LoginStore::userOfProcess);
    }

    /** @param user returns the user to whom files and folders must belong */
    LoginStore(Map<String, String> environment, String api, Operation<UserPrincipal> user) {
        this.user = user;
        this.origin = origin(api);
        String name = origin.replace("://", "_").replace(':', '_').replaceAll("[^a-z0-9._-]", "-");
        Path folder = configFolder(environment);
        this.file = folder == null ? null : folder.resolve("logins").resolve(name + ".json");
    }

    private static String origin(String api) {
        URI url = URI.create(api);
        String origin = url.getScheme() + "://" + url.getHost() + (url.getPort() < 0 ? "" : ":" + url.getPort());
        return origin.toLowerCase(Locale.ROOT);
    }

    /** Returns the owner of a new file, because the system property user.name is not set for users without a name. */
    private static UserPrincipal userOfProcess() throws IOException {
        Path probe = Files.createTempFile("steptrail", null);
        try {
            return Files.getOwner(probe);
        } finally {
            Files.delete(probe);
        }
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
        return file != null && Files.exists(file, NOFOLLOW_LINKS);
    }

    /**
     * Reads the login; null if there is none.
     *
     * @throws IOException if the file is damaged or belongs to another API, or if other users can read or write it
     */
    public @Nullable Login read() throws IOException {
        if (file == null) {
            return null;
        }
        try {
            requireOwnFolders();
            requireOwnFile();
            Set<PosixFilePermission> permissions =
                    POSIX ? Files.getPosixFilePermissions(file, NOFOLLOW_LINKS) : Set.of();
            if (!OWNER.containsAll(permissions)) {
                throw new IOException("other users may access " + file + " ("
                        + PosixFilePermissions.toString(permissions)
                        + "), which contains your tokens; run chmod 600 '" + file
                        + "', or steptrail logout and steptrail login if someone may have read it");
            }
            return parse();
        } catch (NoSuchFileException none) {
            return null;
        }
    }

    /** Reads the login even if other users can read it, in order to revoke it. */
    Login readShared() throws IOException {
        requireOwnFile();
        return parse();
    }

    private Login parse() throws IOException {
        Login login = null;
        byte[] content = Files.readAllBytes(requireFile());
        try {
            login = JSON.readValue(content, Login.class);
        } catch (JsonProcessingException e) {
            // Not rethrown, because its message may contain a part of the file.
        }
        if (login == null || !login.isComplete()) {
            throw new IOException(file + " is damaged; run steptrail login to replace it");
        }
        if (!isForThisApi(login.api())) {
            throw new IOException(file + " contains a login for '" + login.api() + "' instead of " + origin
                    + "; run steptrail login to replace it");
        }
        requireSafe("token_endpoint", login.tokenEndpoint());
        requireSafe("revocation_endpoint", login.revocationEndpoint());
        return login;
    }

    private boolean isForThisApi(String api) {
        try {
            return origin.equals(origin(api));
        } catch (IllegalArgumentException notUrl) {
            return false;
        }
    }

    private void requireSafe(String name, @Nullable URI endpoint) throws IOException {
        if (endpoint != null && !Api.isSafeForSecrets(endpoint)) {
            throw new IOException("the " + name + " in " + file + " must begin with https://, but is '" + endpoint
                    + "'; run steptrail login to replace the file");
        }
    }

    /** Checks the folders that exist: only this user may be able to replace a login in them. */
    void requireOwnFolders() throws IOException {
        for (Path folder : List.of(folder().resolveSibling(""), folder())) {
            if (Files.exists(folder, NOFOLLOW_LINKS)) {
                requireOwn(folder, "move it away");
                if (POSIX && !Collections.disjoint(Files.getPosixFilePermissions(folder), WRITABLE_BY_OTHERS)) {
                    throw new IOException("other users may write to " + folder
                            + ", which contains your tokens; run chmod" + " go-w '" + folder + "'");
                }
            }
        }
    }

    private UserPrincipal user() throws IOException {
        UserPrincipal known = knownUser;
        if (known == null) {
            known = user.run();
            knownUser = known;
        }
        return known;
    }

    private void requireOwnFile() throws IOException {
        requireOwn(requireFile(), "delete it, and run steptrail login");
    }

    private void requireOwn(Path path, String remedy) throws IOException {
        if (Files.isSymbolicLink(path)) {
            throw new IOException(path + " is a symbolic link, which tokens must not be read from; " + remedy);
        }
        if (POSIX && !Files.getOwner(path, NOFOLLOW_LINKS).equals(user())) {
            throw new IOException(path + " belongs to the user " + Files.getOwner(path, NOFOLLOW_LINKS)
                    + ", and tokens are read only from your own files; " + remedy);
        }
    }

    /** Replaces the login atomically. */
    void write(Login login) throws IOException {
        AtomicFile.replace(requireFile(), temporary -> Files.write(temporary, JSON.writeValueAsBytes(login)));
    }

    void delete() throws IOException {
        Files.deleteIfExists(requireFile());
    }

    /**
     * Runs an operation while no other process changes a login. Creates the folder. The lock is not a FolderLock,
     * because an operation may take as long as the requests to the issuer, for which other processes wait.
     */
    <T> T locked(Operation<T> operation) throws IOException {
        Path folder = folder();
        if (POSIX) {
            Files.createDirectories(folder, PosixFilePermissions.asFileAttribute(OWNER));
        } else {
            Files.createDirectories(folder);
        }
        requireOwnFolders();
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
