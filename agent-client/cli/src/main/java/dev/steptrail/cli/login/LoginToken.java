package dev.steptrail.cli.login;

import dev.steptrail.cli.api.TokenSource;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The access token of the stored login. Refreshes it when it is about to expire. While one process refreshes it, others
 * wait and then use the result, because issuers may accept a refresh token only once. Thread-safe.
 */
public final class LoginToken implements TokenSource {
    /** Less than the lifetime of an access token with any common issuer; Keycloak's default is a minute. */
    private static final long MIN_SECONDS_LEFT = 20;

    private final String api;
    private final LoginStore store;
    private @Nullable Login login;

    /** Whether {@link #login} is stored, so that it can be refreshed. */
    private boolean isStored = true;

    /** @param api the URL of the API */
    public LoginToken(String api, LoginStore store) {
        this.api = api;
        this.store = store;
    }

    /** Creates a source of the token of a login that is not stored yet. */
    public LoginToken(Login login, LoginStore store) {
        this(login.api(), store);
        this.login = login;
        this.isStored = false;
    }

    /** Stores the login, replacing another one for the same API. */
    public synchronized void save() throws IOException {
        Login current = require(login);
        store.locked(() -> {
            store.write(current);
            return current;
        });
        isStored = true;
    }

    @Override
    public String token() throws IOException {
        return login().accessToken();
    }

    /**
     * Returns the login with a valid access token. A login that is not stored yet is returned as it is, because its
     * access token is new.
     *
     * @throws IOException if no user is logged in, or the token cannot be refreshed
     */
    public synchronized Login login() throws IOException {
        if (!isStored) {
            return require(login);
        }
        if (login == null || login.expiresWithin(MIN_SECONDS_LEFT)) {
            login = require(store.read());
        }
        if (login.expiresWithin(MIN_SECONDS_LEFT)) {
            login = store.locked(this::refresh);
        }
        return login;
    }

    private Login refresh() throws IOException {
        Login stored = require(store.read());
        if (!stored.expiresWithin(MIN_SECONDS_LEFT)) {
            return stored; // another process has refreshed it
        }
        if (stored.refreshToken() == null) {
            throw new IOException("the login for " + api + " has expired; run steptrail login");
        }
        Login refreshed = IssuerClient.refresh(stored);
        store.write(refreshed);
        return refreshed;
    }

    private Login require(@Nullable Login stored) throws IOException {
        if (stored == null) {
            throw new IOException("there is no login for " + api + "; run steptrail login");
        }
        return stored;
    }

    /**
     * Revokes the refresh token and deletes the stored login.
     *
     * @return whether there was a login
     * @throws IOException if the login was deleted, but the issuer did not revoke the refresh token
     */
    public boolean logout() throws IOException {
        return store.locked(() -> {
            if (!store.exists()) {
                return false;
            }
            deleteAndRevoke();
            return true;
        });
    }

    /**
     * Deletes the stored login, if there is one, and revokes its refresh token before a new sign-in begins. Some
     * issuers end all sessions of the user with the client, and a new login would end with the earlier one.
     *
     * @return why the refresh token was not revoked; empty if it was revoked, or if there was none
     * @throws IOException if the folder in which logins are stored is not safe
     */
    public Optional<String> endEarlier() throws IOException {
        store.requireOwnFolders();
        if (!store.exists()) {
            return Optional.empty();
        }
        return store.locked(() -> {
            try {
                deleteAndRevoke();
                return Optional.empty();
            } catch (IOException e) {
                return Optional.of(String.valueOf(e.getMessage()));
            }
        });
    }

    private void deleteAndRevoke() throws IOException {
        Login stored;
        try {
            stored = store.readShared();
        } finally {
            store.delete(); // also if it is damaged
        }
        IssuerClient.revoke(stored);
    }

    @Override
    public String name() {
        return "the token of the login for " + api;
    }

    @Override
    public String remedy(boolean admin) {
        return admin ? "run steptrail login as an admin" : "run steptrail login";
    }
}
