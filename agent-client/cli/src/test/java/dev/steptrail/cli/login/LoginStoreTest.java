package dev.steptrail.cli.login;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LoginStoreTest {
    private static final String API = "https://api.example.com";

    @TempDir
    private Path config;

    private LoginStore store;

    @BeforeEach
    void openStore() {
        store = store(API);
    }

    private LoginStore store(String api) {
        return new LoginStore(Map.of("XDG_CONFIG_HOME", config.toString()), api);
    }

    private static Login login(String accessToken) {
        return login(API, "https://issuer.example.com/token", null, accessToken);
    }

    private static Login login(String api, String tokenEndpoint, @Nullable URI revocationEndpoint) {
        return login(api, tokenEndpoint, revocationEndpoint, "access");
    }

    private static Login login(String api, String tokenEndpoint, @Nullable URI revocationEndpoint, String accessToken) {
        return new Login(
                api,
                "https://issuer.example.com",
                "client",
                URI.create(tokenEndpoint),
                revocationEndpoint,
                "ann",
                "ann@example.com",
                null,
                accessToken,
                "refresh",
                1_800_000_000);
    }

    private void write(Login login) throws IOException {
        store.locked(() -> {
            store.write(login);
            return true;
        });
    }

    private Path file() throws IOException {
        try (Stream<Path> files = Files.list(config.resolve("steptrail/logins"))) {
            return files.filter(file -> file.toString().endsWith(".json"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    @Test
    void writtenLogin_isRead_untilItIsDeleted() throws IOException {
        assertThat(store.exists()).isFalse();
        assertThat(store.read()).isNull();

        write(login("one"));
        write(login("two"));

        assertThat(store.exists()).isTrue();
        assertThat(store.read()).isEqualTo(login("two"));
        store.delete();
        assertThat(store.read()).isNull();
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "has no POSIX permissions")
    void filesAndFolders_areAccessibleToTheirOwnerOnly() throws IOException {
        write(login("one"));

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file().getParent())))
                .isEqualTo("rwx------");
        try (Stream<Path> files = Files.list(file().getParent())) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("https_api.example.com.json", "lock");
        }
    }

    @ParameterizedTest
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "has no POSIX permissions")
    @ValueSource(strings = {"rw-r-----", "rw----r--", "rw--w----"})
    void fileThatOtherUsersMayAccess_isRefused_untilItIsReplaced(String permissions) throws IOException {
        write(login("one"));
        Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString(permissions));

        assertThatThrownBy(store::read)
                .hasMessageStartingWith("other users may access " + file() + " (" + permissions + ")")
                .hasMessageContaining("run chmod 600 '" + file() + "'");

        write(login("two"));
        assertThat(store.read()).isEqualTo(login("two"));
    }

    @ParameterizedTest
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "has no POSIX permissions")
    @CsvSource({
        "steptrail, rwxrwx---",
        "steptrail, rwx----w-",
        "steptrail/logins, rwx-w----",
        "steptrail/logins, rwxrwxrwx"
    })
    void folderThatOtherUsersMayWriteTo_isRefused(String name, String permissions) throws IOException {
        write(login("one"));
        Path folder = config.resolve(name);
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString(permissions));

        assertRefused(
                "other users may write to " + folder + ", which contains your tokens; run chmod go-w '" + folder + "'");

        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        assertThat(store.read()).isEqualTo(login("one"));
    }

    /** Asserts that the login is neither read nor replaced. */
    private void assertRefused(String problem) {
        assertThatThrownBy(store::read).hasMessage(problem);
        assertThatThrownBy(() -> write(login("two"))).hasMessage(problem);
    }

    @ParameterizedTest
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "has no POSIX permissions")
    @ValueSource(strings = {"steptrail", "steptrail/logins"})
    void folderThatIsASymbolicLink_isRefused(String name) throws IOException {
        write(login("one"));
        Path folder = config.resolve(name);
        Files.createSymbolicLink(folder, Files.move(folder, config.resolve("moved")));

        assertRefused(folder + " is a symbolic link, which tokens must not be read from; move it away");
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "has no POSIX permissions")
    void fileThatIsASymbolicLink_isRefused_untilItIsReplaced() throws IOException {
        write(login("one"));
        Path file = file();
        Path other = Files.move(file, config.resolve("other"));
        Files.createSymbolicLink(file, other);

        for (ThrowingCallable read : List.<ThrowingCallable>of(store::read, store::readShared)) {
            assertThatThrownBy(read)
                    .hasMessage(file + " is a symbolic link, which tokens must not be read from; delete it, and run"
                            + " steptrail login");
        }
        assertThat(store.exists()).isTrue();

        write(login("two"));
        assertThat(store.read()).isEqualTo(login("two"));
        assertThat(Files.readString(other)).contains("one");
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "has no POSIX permissions")
    void folderOfAnotherUser_isRefused() throws IOException {
        write(login("one"));
        String owner = Files.getOwner(config).getName();
        UserPrincipal stranger = config.getFileSystem()
                .getUserPrincipalLookupService()
                .lookupPrincipalByName(owner.equals("nobody") ? "root" : "nobody");

        store = new LoginStore(Map.of("XDG_CONFIG_HOME", config.toString()), API, () -> stranger);

        assertRefused(config.resolve("steptrail") + " belongs to the user " + owner
                + ", and tokens are read only from your own files; move it away");
        assertThatThrownBy(store::readShared)
                .hasMessage(file() + " belongs to the user " + owner
                        + ", and tokens are read only from your own files; delete it, and run steptrail login");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://evil.example.com",
                "https://api.example.com:444",
                "http://api.example.com",
                "https://api.example.com@evil.example.com",
                "not a url"
            })
    void loginForAnotherApi_isRefused(String api) throws IOException {
        store.locked(() -> {
            store.write(login(api, "https://issuer.example.com/token", null));
            return true;
        });

        for (ThrowingCallable read : List.<ThrowingCallable>of(store::read, store::readShared)) {
            assertThatThrownBy(read)
                    .hasMessage(file() + " contains a login for '" + api
                            + "' instead of https://api.example.com; run steptrail login to replace it");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "http://issuer.example.com/token, , token_endpoint",
        "http://localhost.example.com/token, , token_endpoint",
        "ftp://localhost/token, , token_endpoint",
        "https://issuer.example.com/token, http://issuer.example.com/revoke, revocation_endpoint"
    })
    void loginWithUnsafeEndpoint_isRefused(URI tokenEndpoint, URI revocationEndpoint, String name) throws IOException {
        write(login(API, tokenEndpoint.toString(), revocationEndpoint));

        for (ThrowingCallable read : List.<ThrowingCallable>of(store::read, store::readShared)) {
            assertThatThrownBy(read)
                    .hasMessage("the " + name + " in " + file() + " must begin with https://, but is '"
                            + (revocationEndpoint == null ? tokenEndpoint : revocationEndpoint)
                            + "'; run steptrail login to replace the file");
        }
    }

    @Test
    void loginWithLoopbackEndpoints_isRead() throws IOException {
        Login local = login(API, "http://localhost:8400/token", URI.create("http://127.0.0.1:8400/revoke"));

        write(local);

        assertThat(store.read()).isEqualTo(local);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"access_token\":\"secret\"}",
                "{\"access_token\":\"secret",
                "{\"expires_at\":\"secret\"}",
                "{}",
                "null",
                "[]",
                ""
            })
    void damagedFile_isRefused_withoutItsContent(String content) throws IOException {
        write(login("secret"));
        Files.writeString(file(), content);

        Throwable problem = catchThrowable(store::read);

        assertThat(problem).hasMessage(file() + " is damaged; run steptrail login to replace it");
        assertThat(problem).hasNoCause();
    }

    @ParameterizedTest
    @CsvSource({
        "https://api.example.com, https://API.example.com/path, true",
        "https://api.example.com, https://api.example.com:444, false",
        "https://api.example.com, https://api.example.org, false",
        "http://127.0.0.1:80, https://127.0.0.1:80, false",
        "http://[::1]:80, http://[::1]:80/, true"
    })
    void apis_shareALogin_onlyIfTheyHaveTheSameOrigin(String one, String other, boolean isShared) throws IOException {
        LoginStore first = store(one);
        first.locked(() -> {
            first.write(login("one"));
            return true;
        });

        assertThat(store(other).exists()).isEqualTo(isShared);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "relative"})
    void withoutAbsoluteXdgConfigHome_theHomeFolderIsUsed(String xdg) throws IOException {
        store = new LoginStore(Map.of("XDG_CONFIG_HOME", xdg, "HOME", config.toString()), API);

        write(login("one"));

        assertThat(config.resolve(".config/steptrail/logins/https_api.example.com.json"))
                .exists();
    }

    @Test
    void withoutHomeFolder_thereIsNoLogin_andNoneCanBeStored() throws IOException {
        store = new LoginStore(Map.of("HOME", "?"), API);

        assertThat(store.exists()).isFalse();
        assertThat(store.read()).isNull();
        assertThatThrownBy(() -> write(login("one"))).hasMessageEndingWith("; set XDG_CONFIG_HOME");
    }

    @Test
    void login_asText_containsNoToken() {
        assertThat(login("secret").toString()).isEqualTo("login of ann for " + API);
    }
}
