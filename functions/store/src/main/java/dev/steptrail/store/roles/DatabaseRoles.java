package dev.steptrail.store.roles;

import static dev.steptrail.store.roles.RoleCatalog.quote;

import dev.steptrail.aws.Settings;
import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.jdbc.DatabaseLogin.Credentials;
import dev.steptrail.store.jdbc.Session;
import dev.steptrail.store.roles.RoleCatalog.TablesOwner;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
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
    private static final String INSUFFICIENT_PRIVILEGE = "42501";

    private final RoleNames names;
    private final Connection connection;
    private final Session session;
    private final RoleCatalog roles;
    private final String user;
    private final String userSuffix;
    private final String schema;

    private DatabaseRoles(String stack, Connection connection, String loginUser) throws SQLException {
        this.names = new RoleNames(stack);
        this.connection = connection;
        this.session = new Session(connection);
        this.user = session.sql("SELECT current_user").single(row -> row.getString(1));
        this.userSuffix = loginUser.startsWith(user + ".") ? loginUser.substring(user.length()) : "";
        String database = session.sql("SELECT pg_catalog.current_database()").single(row -> row.getString(1));
        this.schema = Preconditions.requireSchema(Preconditions.currentSchema(session), user);
        connection.commit();
        this.roles = new RoleCatalog(session, database, schema);
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
            close(connection);
            throw failure(e);
        } catch (RuntimeException e) {
            close(connection);
            throw e;
        }
    }

    /**
     * Checks the length of the roles' names.
     *
     * @throws IllegalArgumentException if Postgres would truncate a name
     */
    public static void checkName(String stack) {
        new RoleNames(stack).checkLength();
    }

    /** Returns the statement by which a session of the migrating user becomes the owner. */
    public static String setRole(String stack) {
        return "SET ROLE " + quote(new RoleNames(stack).owner());
    }

    /**
     * Returns the user name with which a function logs in. Behind Supabase's pooler, the migrating user's name ends
     * with {@code .<project>}, and so does this one.
     */
    public String loginUser(FunctionLogin login) {
        return names.login(login) + userSuffix;
    }

    private interface Work<T> {
        T run() throws SQLException;
    }

    /** Runs a transaction in which names refer to Postgres's own functions, operators and tables. */
    private <T> T inTransaction(Work<T> work) {
        try {
            session.execute("SET LOCAL search_path = pg_catalog, pg_temp");
            T result = work.run();
            connection.commit();
            return result;
        } catch (SQLException e) {
            throw failure(e);
        }
    }

    private interface Change {
        void run() throws SQLException;
    }

    private void change(Change change) {
        inTransaction(() -> {
            change.run();
            return true;
        });
    }

    /**
     * Creates missing roles, and sets the memberships and connection limits of all.
     *
     * @param connectionLimits the maximum number of connections of each login
     * @param existingStack the name of another stack whose tables are taken over; empty if none may be
     * @return empty, or, if no role was changed, the reason why all functions must use the migrating user
     * @throws IllegalStateException if a role cannot be created or changed, if the tables or the roles' names belong to
     *     another stack or database, or if migrations could call a function of another role by mistake
     */
    public Optional<String> create(Map<FunctionLogin, Integer> connectionLimits, String existingStack) {
        return inTransaction(() -> {
            Optional<String> obstacle = new Preconditions(session, roles, schema, user).check();
            Optional<RoleNames> otherStack = findOtherStack(existingStack);
            if (obstacle.isPresent() && otherStack.isPresent()) {
                throw new IllegalStateException(obstacle.get() + ", so it cannot take over the tables of '"
                        + otherStack.get().owner() + "'");
            }
            if (Preconditions.hasPrivilege(session, "public", schema, "CREATE")) {
                session.execute(Preconditions.revokeCreate(schema, "PUBLIC")); // the default before Postgres 15
            }
            if (obstacle.isEmpty()) {
                createRoles(connectionLimits);
            }
            if (otherStack.isPresent()) {
                takeOver(otherStack.get());
            }
            return obstacle;
        });
    }

    /**
     * Returns the stack whose tables this one takes over; empty if there are no tables, or if they belong to this stack
     * or to a login. {@link Preconditions} has checked that another owner is that of a stack.
     */
    private Optional<RoleNames> findOtherStack(String existingStack) throws SQLException {
        Optional<RoleNames> other = roles.tablesOwner()
                .filter(owner -> !owner.canLogIn() && !owner.name().equals(names.owner()))
                .flatMap(owner -> RoleNames.stackOf(owner.name()))
                .map(RoleNames::new);
        if (other.isPresent() && !other.get().stack().equals(existingStack)) {
            String stack = other.get().stack();
            throw new IllegalStateException("the tables belong to the stack '" + stack
                    + "'; use another database, or set ExistingStack=" + stack
                    + " to take them over, after which that stack's functions cannot log in");
        }
        return other;
    }

    /**
     * The other stack's roles lose their privileges. Its logins are disabled, unless they belong to another database.
     */
    private void takeOver(RoleNames other) throws SQLException {
        session.execute("REASSIGN OWNED BY " + quote(other.owner()) + " TO " + quote(names.owner()));
        TablePrivileges.revokeAll(session, schema, names);
        session.execute("REVOKE ALL ON SCHEMA " + quote(schema) + " FROM " + quote(other.owner()));
        for (FunctionLogin login : FunctionLogin.values()) {
            String name = other.login(login);
            if (roles.exists(name)) {
                session.execute("REVOKE ALL ON SCHEMA " + quote(schema) + " FROM " + quote(name));
            }
            if (roles.belongsTo(other, name)) {
                session.execute("ALTER ROLE " + quote(name) + " NOLOGIN");
            }
        }
    }

    private void createRoles(Map<FunctionLogin, Integer> connectionLimits) throws SQLException {
        roles.createIfMissing(names, names.owner());
        session.execute("GRANT " + quote(names.owner()) + " TO CURRENT_USER");
        for (FunctionLogin login : FunctionLogin.values()) {
            String name = names.login(login);
            roles.createIfMissing(names, name);
            Integer limit = Objects.requireNonNull(connectionLimits.get(login));
            session.execute("ALTER ROLE " + quote(name) + " LOGIN CONNECTION LIMIT " + limit);
            if (login != FunctionLogin.OPERATIONS) {
                limitResources(name);
            }
            if (login == FunctionLogin.API) {
                // Lambda keeps idle instances for minutes, and their connections count towards the limit.
                session.execute("ALTER ROLE " + quote(name) + " SET idle_session_timeout = '10s'");
            }
            grantOnSchema(name, "USAGE");
            if (login != FunctionLogin.OPERATIONS) {
                Preconditions.requireNoCreate(session, schema, name);
            }
        }
        grantOnSchema(names.owner(), "USAGE");
        grantOnSchema(names.owner(), "CREATE");
        String operations = quote(names.login(FunctionLogin.OPERATIONS));
        session.execute("GRANT " + quote(names.owner()) + " TO " + operations);
        // A setting of the role, because a transaction pooler would not keep a session's SET ROLE.
        session.execute("ALTER ROLE " + operations + " SET role = " + quote(names.owner()));
    }

    /** Ends transactions that hold locks without progress, and limits the disk space of sorts. */
    private void limitResources(String login) throws SQLException {
        session.execute("ALTER ROLE " + quote(login) + " SET idle_in_transaction_session_timeout = '1min'");
        Savepoint before = connection.setSavepoint();
        try {
            session.execute("ALTER ROLE " + quote(login) + " SET temp_file_limit = '1GB'");
        } catch (SQLException e) {
            if (!INSUFFICIENT_PRIVILEGE.equals(e.getSQLState())) {
                throw e;
            }
            connection.rollback(before); // only superusers may set it, unless they grant the right
        }
    }

    /**
     * Disables the functions' logins. The next call of {@link #create} enables them again. Does not affect roles of
     * another database with the same stack name.
     *
     * @throws IllegalStateException if a login cannot be disabled
     */
    public void disableLogins() {
        change(() -> {
            for (FunctionLogin login : FunctionLogin.values()) {
                if (roles.belongsTo(names, names.login(login))) {
                    session.execute("ALTER ROLE " + quote(names.login(login)) + " NOLOGIN");
                }
            }
        });
    }

    private void grantOnSchema(String role, String privilege) throws SQLException {
        if (Preconditions.hasPrivilege(session, role, schema, privilege)) {
            return;
        }
        if (!Preconditions.hasPrivilege(session, user, schema, privilege + " WITH GRANT OPTION")) {
            // Postgres only warns if the user has some privileges on the schema, but may not grant them.
            throw new IllegalStateException("the user '" + user + "' may not grant " + privilege + " on the schema '"
                    + schema + "'; run as the schema's owner: " + Preconditions.grant(schema, user, true));
        }
        session.execute("GRANT " + privilege + " ON SCHEMA " + quote(schema) + " TO " + quote(role));
    }

    /**
     * Grants the privileges on the migrated tables, and revokes those of all other roles.
     *
     * @throws IllegalStateException if a privilege cannot be granted or revoked, or if the tables do not belong to the
     *     owner
     */
    public void grantPrivileges() {
        change(() -> {
            String actual = roles.tablesOwner().map(TablesOwner::name).orElse("");
            if (!actual.equals(names.owner())) {
                throw new IllegalStateException("the migration created tables as '" + actual + "' instead of '"
                        + names.owner()
                        + "': the connection pooler does not keep a session's role. Set DatabaseUrl to the"
                        + " provider's session pooler (Supabase: port 5432), and use an empty database");
            }
            TablePrivileges.revokeAll(session, schema, names);
            TablePrivileges.grant(session, schema, names);
            TablePrivileges.check(
                    session,
                    schema,
                    Stream.of(FunctionLogin.values()).map(names::login).toList());
        });
    }

    /**
     * Revokes the privileges of all other roles on the migrated tables, where all functions use the migrating user.
     *
     * @throws IllegalStateException if a privilege cannot be revoked
     */
    public void revokeFromOthers() {
        change(() -> {
            TablePrivileges.revoke(session, schema, List.of(user));
            TablePrivileges.check(session, schema, List.of(user));
        });
    }

    /**
     * Lets the logins authenticate with IAM tokens instead of passwords (<a
     * href="https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/UsingWithRDS.IAMDBAuth.DBAccounts.html">Creating
     * a database account</a>).
     *
     * @throws IllegalStateException if the role {@code rds_iam} does not exist or cannot be granted
     */
    public void allowIamAuthentication() {
        change(() -> {
            for (FunctionLogin login : FunctionLogin.values()) {
                session.execute("GRANT rds_iam TO " + quote(names.login(login)));
            }
        });
    }

    /**
     * Sets the password of a login. The server receives only its SCRAM verifier, so its log cannot contain the
     * password.
     *
     * @throws IllegalStateException if the password cannot be set
     */
    public void setPassword(FunctionLogin login, Credentials credentials) {
        String verifier = PasswordUtil.encodeScramSha256(credentials.password().toCharArray());
        change(() ->
                session.execute("ALTER ROLE " + quote(names.login(login)) + " PASSWORD " + session.literal(verifier)));
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
        close(connection);
    }

    private static void close(Connection connection) {
        try {
            connection.close();
        } catch (SQLException e) {
            // Each method has committed its transaction.
        }
    }
}
