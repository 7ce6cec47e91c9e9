package dev.steptrail.store.roles;

import dev.steptrail.aws.Settings;
import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.jdbc.DatabaseLogin.Credentials;
import dev.steptrail.store.jdbc.Session;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.postgresql.util.PasswordUtil;

/**
 * Creates the roles of a stack and grants their privileges. Roles are shared by all databases of a server, so their
 * names start with the stack's name. Idempotent: each migration calls it. Not thread-safe.
 *
 * <p>The owner cannot log in. The migrating user becomes its member and runs migrations as the owner. From Postgres 16
 * on, the creator of a role is its admin and may therefore grant it to itself; before, {@code CREATEROLE} suffices (<a
 * href="https://www.postgresql.org/docs/current/role-attributes.html">Role attributes</a>).
 */
public final class DatabaseRoles implements AutoCloseable {
    /** Postgres truncates longer names. */
    private static final int MAX_NAME_BYTES = 63;

    private static final String GRANTS = "/db/grants.sql";

    /** Neon rejects the verifier of a password, because it stores the password itself. */
    private static final String PLAINTEXT_REQUIRED = "only supports being given plaintext passwords";

    private static final String INSUFFICIENT_PRIVILEGE = "42501";

    private final String stack;
    private final Connection connection;
    private final Session session;
    private final String user;
    private final String userSuffix;

    private DatabaseRoles(String stack, Connection connection, String loginUser) throws SQLException {
        this.stack = stack;
        this.connection = connection;
        this.session = new Session(connection);
        this.user = session.sql("SELECT current_user").single(row -> row.getString(1));
        this.userSuffix = loginUser.startsWith(user + ".") ? loginUser.substring(user.length()) : "";
        connection.commit();
    }

    /**
     * Connects as the migrating user. The caller must close the result.
     *
     * @param settings those of {@link dev.steptrail.store.jdbc.DatabaseLogin}
     * @param loginUser the user in these settings
     * @throws dev.steptrail.store.jdbc.StoreException.Unavailable if the database is not available
     */
    public static DatabaseRoles connect(Settings settings, String loginUser, String stack) {
        Connection connection = Database.connect(settings);
        try {
            return new DatabaseRoles(stack, connection, loginUser);
        } catch (SQLException e) {
            throw failure(e);
        }
    }

    /**
     * Checks the length of the roles' names.
     *
     * @throws IllegalArgumentException if Postgres would truncate a name
     */
    public static void checkName(String stack) {
        String longest = roleName(stack, FunctionLogin.OPERATIONS.suffix());
        int bytes = longest.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > MAX_NAME_BYTES) {
            throw new IllegalArgumentException("STEPTRAIL_STACK: '" + stack + "' is too long: the database role '"
                    + longest + "' would have " + bytes + " bytes, and Postgres allows " + MAX_NAME_BYTES
                    + "; use a stack name of at most " + (MAX_NAME_BYTES - bytes + stack.length()) + " characters");
        }
    }

    private static String roleName(String stack, String suffix) {
        return stack + "_" + suffix;
    }

    /** Returns the statement by which a session of the migrating user becomes the owner. */
    public static String setRole(String stack) {
        return "SET ROLE " + quote(roleName(stack, "owner"));
    }

    private String owner() {
        return roleName(stack, "owner");
    }

    private String login(FunctionLogin login) {
        return roleName(stack, login.suffix());
    }

    /**
     * Returns the user name with which a function logs in. Behind Supabase's pooler, the migrating user's name ends with
     * {@code .<project>}, and so does this one.
     */
    public String loginUser(FunctionLogin login) {
        return login(login) + userSuffix;
    }

    /**
     * Creates missing roles, and sets the memberships and connection limits of all.
     *
     * @param connectionLimits the maximum number of connections of each login
     * @return empty, or, if nothing was changed, the reason why all functions must use the migrating user
     * @throws IllegalStateException if a role cannot be created or changed
     */
    public Optional<String> create(Map<FunctionLogin, Integer> connectionLimits) {
        try {
            Optional<String> obstacle = findObstacle();
            if (obstacle.isPresent()) {
                connection.rollback();
                return obstacle;
            }
            revokeCreateFromPublic();
            createIfMissing(owner(), "NOLOGIN");
            execute("GRANT " + quote(owner()) + " TO CURRENT_USER");
            for (FunctionLogin login : FunctionLogin.values()) {
                String name = login(login);
                createIfMissing(name, "LOGIN");
                Integer limit = Objects.requireNonNull(connectionLimits.get(login));
                execute("ALTER ROLE " + quote(name) + " CONNECTION LIMIT " + limit);
                grantOnSchema(name, "USAGE");
            }
            grantOnSchema(owner(), "USAGE");
            grantOnSchema(owner(), "CREATE");
            String operations = quote(login(FunctionLogin.OPERATIONS));
            execute("GRANT " + quote(owner()) + " TO " + operations);
            // A setting of the role, because a transaction pooler would not keep a session's SET ROLE.
            execute("ALTER ROLE " + operations + " SET role = " + quote(owner()));
            reassignTables();
            connection.commit();
            return Optional.empty();
        } catch (SQLException e) {
            throw failure(e);
        }
    }

    private Optional<String> findObstacle() throws SQLException {
        boolean mayCreateRoles = session.sql(
                        "SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user")
                .single(row -> row.getBoolean(1));
        if (!mayCreateRoles) {
            return Optional.of("the user '" + user + "' may not create roles (CREATEROLE)");
        }
        return tablesOwner()
                .filter(Role::canLogIn)
                .map(tablesOwner -> "the tables belong to the user '" + tablesOwner.name() + "'");
    }

    /** Takes over the tables of another stack, whose database or snapshot this stack uses. */
    private void reassignTables() throws SQLException {
        Optional<Role> other = tablesOwner().filter(role -> !role.name().equals(owner()));
        if (other.isPresent()) {
            execute("REASSIGN OWNED BY " + quote(other.get().name()) + " TO " + quote(owner()));
        }
    }

    private record Role(String name, boolean canLogIn) {}

    private Optional<Role> tablesOwner() throws SQLException {
        return session.sql("""
                        SELECT r.rolname AS name,
                               r.rolcanlogin AS can_log_in
                          FROM pg_class AS c
                          JOIN pg_roles AS r ON r.oid = c.relowner
                         WHERE c.oid = to_regclass('task_steps')
                        """).first(row -> new Role(row.getString("name"), row.getBoolean("can_log_in")));
    }

    private void createIfMissing(String name, String attribute) throws SQLException {
        if (!session.sql("SELECT FROM pg_roles WHERE rolname = ?", name).hasRows()) {
            execute("CREATE ROLE " + quote(name) + " " + attribute);
        }
    }

    /** Before Postgres 15, every role may create objects in the schema public, and so replace what the owner calls. */
    private void revokeCreateFromPublic() throws SQLException {
        if (hasSchemaPrivilege("public", "CREATE")) {
            execute("REVOKE CREATE ON SCHEMA " + quote(schema()) + " FROM PUBLIC");
        }
    }

    private String schema() throws SQLException {
        return session.sql("SELECT current_schema()").single(row -> row.getString(1));
    }

    private boolean hasSchemaPrivilege(String role, String privilege) throws SQLException {
        return session.sql("SELECT has_schema_privilege(?, current_schema(), ?)", role, privilege)
                .single(row -> row.getBoolean(1));
    }

    private void grantOnSchema(String role, String privilege) throws SQLException {
        if (hasSchemaPrivilege(role, privilege)) {
            return;
        }
        execute("GRANT " + privilege + " ON SCHEMA " + quote(schema()) + " TO " + quote(role));
        if (!hasSchemaPrivilege(role, privilege)) {
            // Postgres only warns if the user has some privileges on the schema, but may not grant them.
            throw new SQLException(
                    "the user '" + user + "' may not grant " + privilege + " on the schema '" + schema()
                            + "'; use a user that owns the database",
                    INSUFFICIENT_PRIVILEGE);
        }
    }

    /**
     * Grants the privileges on the migrated tables.
     *
     * @throws IllegalStateException if a privilege cannot be granted, or if the tables do not belong to the owner
     */
    public void grantPrivileges() {
        try {
            String actual = tablesOwner().map(Role::name).orElse("");
            if (!actual.equals(owner())) {
                throw new IllegalStateException("the migration created tables as '" + actual + "' instead of '"
                        + owner() + "': the connection pooler does not keep a session's role. Set DatabaseUrl to the"
                        + " provider's session pooler (Supabase: port 5432), and use an empty database");
            }
            execute("SET LOCAL ROLE " + quote(owner()));
            execute(grants());
            connection.commit();
        } catch (SQLException e) {
            throw failure(e);
        }
    }

    private String grants() {
        try (InputStream file = Objects.requireNonNull(DatabaseRoles.class.getResourceAsStream(GRANTS))) {
            String sql = new String(file.readAllBytes(), StandardCharsets.UTF_8).replace("${owner}", quote(owner()));
            for (FunctionLogin login : FunctionLogin.values()) {
                sql = sql.replace("${" + login.suffix() + "}", quote(login(login)));
            }
            return sql;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Lets the logins authenticate with IAM tokens instead of passwords (<a
     * href="https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/UsingWithRDS.IAMDBAuth.DBAccounts.html">Creating
     * a database account</a>).
     *
     * @throws IllegalStateException if the role {@code rds_iam} does not exist or cannot be granted
     */
    public void allowIamAuthentication() {
        try {
            for (FunctionLogin login : FunctionLogin.values()) {
                execute("GRANT rds_iam TO " + quote(login(login)));
            }
            connection.commit();
        } catch (SQLException e) {
            throw failure(e);
        }
    }

    /**
     * Sets the password of a login. The server receives only its SCRAM verifier, so its log cannot contain the password;
     * except from Neon, which accepts only the password itself.
     *
     * @throws IllegalStateException if the password cannot be set
     */
    public void setPassword(FunctionLogin login, Credentials credentials) {
        try {
            try {
                setPassword(
                        login,
                        PasswordUtil.encodeScramSha256(credentials.password().toCharArray()));
            } catch (SQLException e) {
                if (!String.valueOf(e.getMessage()).contains(PLAINTEXT_REQUIRED)) {
                    throw e;
                }
                connection.rollback();
                setPassword(login, credentials.password());
            }
        } catch (SQLException e) {
            throw failure(e);
        }
    }

    private void setPassword(FunctionLogin login, String passwordOrVerifier) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(
                    "ALTER ROLE " + quote(login(login)) + " PASSWORD " + statement.enquoteLiteral(passwordOrVerifier));
            connection.commit();
        }
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String quote(String identifier) {
        return '"' + identifier.replace("\"", "\"\"") + '"';
    }

    /** The messages contain names of roles and tables, but no rows. */
    private static IllegalStateException failure(SQLException e) {
        boolean isRefused = INSUFFICIENT_PRIVILEGE.equals(e.getSQLState());
        return new IllegalStateException("cannot set up the database roles (SQLSTATE " + e.getSQLState() + ", "
                + e.getMessage() + ")"
                + (isRefused ? "; use the DatabaseUser that created the roles, or one that may administer them" : ""));
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            // Each method has committed its transaction.
        }
    }
}
