package dev.steptrail.store.roles;

import static dev.steptrail.store.roles.RoleCatalog.quote;

import dev.steptrail.store.jdbc.RecordMapper;
import dev.steptrail.store.jdbc.Session;
import dev.steptrail.store.roles.RoleCatalog.TablesOwner;
import java.sql.SQLException;
import java.util.Optional;

/**
 * What the migrating user and the schema must fulfil. The migration and {@link DatabaseCheck} both check it before
 * anything is changed. Only reads. The search path of the session must be {@code pg_catalog}.
 */
final class Preconditions {
    /**
     * The parameters are the schema. Relations of extensions are not counted. After a first migration that failed,
     * Flyway's history is the only table.
     */
    private static final String SCHEMA = """
            SELECT pg_get_userbyid(nspowner) AS owner,
                   pg_has_role(nspowner, 'USAGE') AS is_owner,
                   has_schema_privilege('public', oid, 'CREATE') AS all_can_create,
                   has_schema_privilege(oid, 'CREATE') AND has_schema_privilege(oid, 'USAGE') AS can_create,
                   has_schema_privilege(oid, 'CREATE WITH GRANT OPTION')
                       AND (has_schema_privilege('public', oid, 'USAGE')
                            OR has_schema_privilege(oid, 'USAGE WITH GRANT OPTION')) AS can_grant,
                   to_regclass(format('%I.task_steps', nspname)) IS NOT NULL
                       AND to_regclass(format('%I.flyway_schema_history', nspname)) IS NOT NULL AS is_steptrail,
                   (SELECT count(*)
                      FROM pg_class AS c
                     WHERE c.relnamespace = n.oid
                       AND c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f')
                       AND c.relname <> 'flyway_schema_history'
                       AND NOT EXISTS (SELECT FROM pg_depend
                                        WHERE classid = 'pg_class'::regclass AND objid = c.oid AND deptype = 'e'))
                       AS tables
              FROM pg_namespace AS n
             WHERE nspname = ?
            """;

    private final Session session;
    private final RoleCatalog roles;
    private final String schema;
    private final String user;

    Preconditions(Session session, RoleCatalog roles, String schema, String user) {
        this.session = session;
        this.roles = roles;
        this.schema = schema;
        this.user = user;
    }

    /** Returns the schema in which a session creates tables, unless its search path is {@code pg_catalog}. */
    static Optional<String> currentSchema(Session session) throws SQLException {
        return Optional.ofNullable(
                session.sql("SELECT pg_catalog.current_schema()").single(row -> row.getString(1)));
    }

    /**
     * Returns the schema.
     *
     * @param schema that of {@link #currentSchema}
     * @throws IllegalStateException if it is empty
     */
    static String requireSchema(Optional<String> schema, String user) {
        return schema.orElseThrow(() -> new IllegalStateException("the search_path of the user '" + user
                + "' contains no schema that this user may use; run CREATE SCHEMA public if there is none, or "
                + grant("public", user, true)));
    }

    private record Schema(
            String owner,
            boolean isOwner,
            boolean allCanCreate,
            boolean canCreate,
            boolean canGrant,
            boolean isSteptrail,
            int tables) {}

    /**
     * Checks the user's privileges, and the tables in the schema.
     *
     * @return empty, or the reason why all functions must use the migrating user
     * @throws IllegalStateException if the migration would fail; the message contains what to do
     */
    Optional<String> check() throws SQLException {
        Schema found = session.sql(SCHEMA, schema).single(RecordMapper.of(Schema.class));
        if (!found.isSteptrail() && found.tables() > 0) {
            throw new IllegalStateException("the schema '" + schema + "' contains " + found.tables()
                    + " other tables; use an empty database: CREATE DATABASE steptrail");
        }
        Optional<TablesOwner> tablesOwner = roles.tablesOwner();
        checkOwner(tablesOwner);
        Optional<String> obstacle = findObstacle(tablesOwner);
        checkPrivileges(found, obstacle.isEmpty(), tablesOwner.isPresent());
        return obstacle;
    }

    private void checkOwner(Optional<TablesOwner> tablesOwner) {
        // Another login could have created the tables to run a trigger with the rights of this user.
        tablesOwner
                .filter(owner -> owner.canLogIn() && !owner.name().equals(user))
                .ifPresent(owner -> {
                    throw new IllegalStateException("the tables belong to the user '" + owner.name()
                            + "'; set DatabaseUser to this user, or use an empty database: CREATE DATABASE steptrail");
                });
        tablesOwner
                .filter(owner ->
                        !owner.canLogIn() && RoleNames.stackOf(owner.name()).isEmpty())
                .ifPresent(owner -> {
                    throw new IllegalStateException("the tables belong to the role '" + owner.name()
                            + "', which is not a Steptrail stack's owner; use another database");
                });
    }

    private Optional<String> findObstacle(Optional<TablesOwner> tablesOwner) throws SQLException {
        boolean mayCreateRoles = session.sql(
                        "SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user")
                .single(row -> row.getBoolean(1));
        if (!mayCreateRoles) {
            return Optional.of("the user '" + user + "' may not create roles (CREATEROLE)");
        }
        return tablesOwner
                .filter(TablesOwner::canLogIn)
                .map(owner -> "the tables belong to the user '" + owner.name() + "'");
    }

    private void checkPrivileges(Schema found, boolean hasRoles, boolean hasTables) {
        if (found.allCanCreate() && !found.isOwner()) {
            throw new IllegalStateException("every role may create functions in the schema '" + schema
                    + "', which migrations could call by mistake, and the user '" + user + "' may not change that; run"
                    + " as the schema's owner, '" + found.owner() + "': " + revokeCreate(schema, "PUBLIC") + "; "
                    + grant(schema, user, hasRoles));
        }
        if (hasRoles && hasTables) {
            return; // the tables' owner has the privileges, or the migration grants them if it takes the tables over
        }
        if (!found.canCreate()) {
            throw new IllegalStateException("the user '" + user + "' may not create tables in the schema '" + schema
                    + "'; run as the schema's owner, '" + found.owner() + "': " + grant(schema, user, hasRoles));
        }
        if (hasRoles && !found.canGrant()) {
            throw new IllegalStateException(
                    "the user '" + user + "' may not grant the functions' roles privileges on the"
                            + " schema '" + schema + "'; run as the schema's owner, '" + found.owner() + "': "
                            + grant(schema, user, true));
        }
    }

    /** Checks that a login cannot create functions, which migrations could call by mistake. */
    static void requireNoCreate(Session session, String schema, String login) throws SQLException {
        if (hasPrivilege(session, login, schema, "CREATE")) {
            throw new IllegalStateException("the database role '" + login + "' may create functions in the schema '"
                    + schema + "', which migrations could call by mistake; run as the schema's owner: "
                    + revokeCreate(schema, quote(login)));
        }
    }

    /** Returns whether a role has a privilege on a schema; {@code public} is every role. */
    static boolean hasPrivilege(Session session, String role, String schema, String privilege) throws SQLException {
        return session.sql("SELECT has_schema_privilege(?::name, ?::text, ?::text)", role, schema, privilege)
                .single(row -> row.getBoolean(1));
    }

    /** Returns the statement by which the schema's owner keeps a role from creating functions in the schema. */
    static String revokeCreate(String schema, String role) {
        return "REVOKE CREATE ON SCHEMA " + quote(schema) + " FROM " + role;
    }

    /** Returns the statement by which the schema's owner lets the migrating user create objects in it. */
    static String grant(String schema, String user, boolean withGrantOption) {
        return "GRANT CREATE, USAGE ON SCHEMA " + quote(schema) + " TO " + quote(user)
                + (withGrantOption ? " WITH GRANT OPTION" : "");
    }
}
