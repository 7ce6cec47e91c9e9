package dev.steptrail.operations;

import dev.steptrail.aws.ParameterException;
import dev.steptrail.aws.ParameterStore;
import dev.steptrail.aws.Settings;
import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.jdbc.DatabaseLogin;
import dev.steptrail.store.jdbc.DatabaseLogin.Credentials;
import dev.steptrail.store.roles.DatabaseRoles;
import dev.steptrail.store.roles.FunctionLogin;
import dev.steptrail.store.roles.MigrationLock;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Sets up the functions' database logins around a migration. With IAM authentication the logins have no passwords.
 * Otherwise each login's user and password are stored in a {@link ParameterStore} parameter, which the function reads.
 */
final class DatabaseSetup {
    /** 192 bits. */
    private static final int PASSWORD_BYTES = 24;

    private static final int EXPORT_CONNECTIONS = 10;
    private static final int OPERATIONS_CONNECTIONS = 6;

    private final Settings settings;
    private final String stack;
    private final boolean usesIam;
    private final DatabaseLogin login;

    /**
     * @param settings those of {@link DatabaseLogin}, for a user that may create tables; {@code STEPTRAIL_STACK}, the
     *     prefix of the roles' names; {@code STEPTRAIL_LOGIN_PARAMETERS}, the prefix of the parameters' names (not with
     *     IAM authentication); {@code STEPTRAIL_INGEST_CONCURRENCY} (default 10) and {@code STEPTRAIL_API_CONNECTIONS}
     *     (default 20), from which the connection limits follow; {@code STEPTRAIL_EXISTING_STACK} (default none), a
     *     stack whose tables this one takes over
     * @throws IllegalArgumentException if a setting is missing or invalid; the message names it
     */
    DatabaseSetup(Settings settings) {
        this.settings = settings;
        this.login = new DatabaseLogin(settings);
        this.stack = settings.required("STEPTRAIL_STACK");
        DatabaseRoles.checkName(stack);
        this.usesIam = usesIam(settings);
        if (!usesIam) {
            settings.required("STEPTRAIL_LOGIN_PARAMETERS");
        }
    }

    private static boolean usesIam(Settings settings) {
        return settings.optional("STEPTRAIL_DATABASE_AUTH", "").equals("iam");
    }

    String url() {
        return login.url();
    }

    Credentials credentials() {
        return login.credentials();
    }

    String setRole() {
        return DatabaseRoles.setRole(stack);
    }

    /**
     * Does the steps of a migration while no other migration of the database runs.
     *
     * @param wait the maximum time to wait for another migration
     * @throws MigrationLock.BusyException if another migration is still running
     */
    <T> T runExclusively(Duration wait, Supplier<T> steps) {
        return MigrationLock.runExclusively(settings, wait, steps);
    }

    /** Creates the roles. Returns empty, or the reason why all functions must use the migrating user. */
    Optional<String> createRoles() {
        Map<FunctionLogin, Integer> limits = Map.of(
                // During a release, two versions of ingest run at the same time.
                FunctionLogin.INGEST,
                2 * number("STEPTRAIL_INGEST_CONCURRENCY", "10") + 2,
                FunctionLogin.API,
                number("STEPTRAIL_API_CONNECTIONS", "20"),
                FunctionLogin.EXPORT,
                EXPORT_CONNECTIONS,
                FunctionLogin.OPERATIONS,
                OPERATIONS_CONNECTIONS);
        try (DatabaseRoles roles = connect()) {
            return roles.create(limits, settings.optional("STEPTRAIL_EXISTING_STACK", ""));
        }
    }

    private int number(String name, String defaultValue) {
        String value = settings.optional(name, defaultValue);
        if (!value.matches("[1-9][0-9]{0,4}")) {
            throw new IllegalArgumentException(name + ": '" + value + "' is not a number from 1 to 99999");
        }
        return Integer.parseInt(value);
    }

    private DatabaseRoles connect() {
        return DatabaseRoles.connect(settings, credentials().user(), stack);
    }

    /** Grants the privileges on the migrated tables, and lets the functions log in. */
    void enableLogins() {
        try (DatabaseRoles roles = connect()) {
            roles.grantPrivileges();
            if (usesIam) {
                roles.allowIamAuthentication();
                return;
            }
            ParameterStore parameters = new ParameterStore(settings);
            for (FunctionLogin function : FunctionLogin.values()) {
                enablePassword(roles, function, parameters);
            }
        }
    }

    /** Keeps a password that works, so that running functions are not affected. */
    private void enablePassword(DatabaseRoles roles, FunctionLogin function, ParameterStore parameters) {
        String name = parameter(function);
        Optional<Credentials> stored = parameters
                .find(name)
                .flatMap(value -> tryParse(name, value))
                .filter(credentials -> credentials.user().equals(roles.loginUser(function)));
        if (stored.isPresent() && Database.acceptsLogin(settings, stored.get())) {
            return;
        }
        Credentials credentials = stored.orElseGet(() -> new Credentials(roles.loginUser(function), newPassword()));
        parameters.put(name, DatabaseLogin.format(credentials));
        roles.setPassword(function, credentials);
    }

    private static Optional<Credentials> tryParse(String name, String value) {
        try {
            return Optional.of(DatabaseLogin.parse(name, value));
        } catch (ParameterException e) {
            return Optional.empty(); // replaced
        }
    }

    private static String newPassword() {
        byte[] bytes = new byte[PASSWORD_BYTES];
        new SecureRandom().nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /**
     * Makes all functions use the migrating user, and revokes the privileges of others on the migrated tables.
     *
     * @throws IllegalStateException with IAM authentication, because the functions' roles may only connect as their own
     *     logins; or if a privilege cannot be revoked
     */
    void shareLogin() {
        if (usesIam) {
            throw new IllegalStateException("the database user '"
                    + credentials().user() + "' cannot create the functions' logins; use the cluster's master user");
        }
        try (DatabaseRoles roles = connect()) {
            roles.revokeFromOthers();
        }
        ParameterStore parameters = new ParameterStore(settings);
        String value = DatabaseLogin.format(credentials());
        for (FunctionLogin function : FunctionLogin.values()) {
            parameters.put(parameter(function), value);
        }
    }

    /**
     * Prevents the functions' logins from connecting. The next {@link #createRoles} enables them again.
     *
     * @throws IllegalStateException if a role cannot be changed
     * @throws dev.steptrail.store.jdbc.StoreException.Unavailable if the database is not available
     */
    void disableLogins() {
        try (DatabaseRoles roles = connect()) {
            roles.disableLogins();
        }
    }

    /**
     * Deletes the parameters. Roles and data remain.
     *
     * @param settings may lack all settings, after a failed creation of the stack; nothing is deleted then
     * @throws ParameterException if they cannot be deleted
     */
    static void deleteParameters(Settings settings) {
        String prefix = settings.optional("STEPTRAIL_LOGIN_PARAMETERS", "");
        if (!prefix.isEmpty() && !usesIam(settings)) {
            new ParameterStore(settings)
                    .delete(Stream.of(FunctionLogin.values())
                            .map(function -> prefix + function.suffix())
                            .toList());
        }
    }

    private String parameter(FunctionLogin function) {
        return settings.required("STEPTRAIL_LOGIN_PARAMETERS") + function.suffix();
    }
}
