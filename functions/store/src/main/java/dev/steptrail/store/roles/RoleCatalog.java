package dev.steptrail.store.roles;

import dev.steptrail.store.jdbc.RecordMapper;
import dev.steptrail.store.jdbc.Session;
import java.sql.SQLException;
import java.util.Optional;

/**
 * Reads and creates the roles of the stacks that use one database. The search path of the session must be
 * {@code pg_catalog}.
 */
final class RoleCatalog {
    private final Session session;
    private final String database;
    private final String schema;

    RoleCatalog(Session session, String database, String schema) {
        this.session = session;
        this.database = database;
        this.schema = schema;
    }

    record TablesOwner(String name, boolean canLogIn) {}

    /**
     * Returns the owner of the tables; empty before the first migration. After a first migration that failed, Flyway's
     * history is the only table.
     */
    Optional<TablesOwner> tablesOwner() throws SQLException {
        return session.sql("""
                        SELECT r.rolname AS name,
                               r.rolcanlogin AS can_log_in
                          FROM pg_class AS c
                          JOIN pg_roles AS r ON r.oid = c.relowner
                         WHERE c.oid = coalesce(
                                   to_regclass(format('%I.task_steps', ?::text)),
                                   to_regclass(format('%I.flyway_schema_history', ?::text)))
                        """, schema, schema).first(RecordMapper.of(TablesOwner.class));
    }

    /**
     * Creates a role that cannot log in, with a comment that names the stack and the database.
     *
     * @throws IllegalStateException if the role exists and belongs to another database, or has attributes that none of
     *     the stack's roles may have
     */
    void createIfMissing(RoleNames names, String role) throws SQLException {
        Optional<Role> existing = find(role);
        if (existing.isEmpty()) {
            session.execute("CREATE ROLE " + quote(role) + " NOLOGIN");
            session.execute("COMMENT ON ROLE " + quote(role) + " IS " + session.literal(names.comment(database)));
            return;
        }
        String comment = existing.get().comment();
        if (!comment.equals(names.comment(database))) {
            String prefix = names.comment("");
            throw new IllegalStateException("the database role '" + role + "' exists and "
                    + (comment.startsWith(prefix)
                            ? "belongs to the database '" + comment.substring(prefix.length()) + "' of this server"
                            : "was not created by Steptrail")
                    + "; use another stack name");
        }
        if (existing.get().isPrivileged()) {
            throw new IllegalStateException("the database role '" + role + "' has one of the attributes SUPERUSER,"
                    + " CREATEROLE, CREATEDB, REPLICATION and BYPASSRLS; remove them (ALTER ROLE), or use another stack"
                    + " name");
        }
    }

    boolean exists(String role) throws SQLException {
        return find(role).isPresent();
    }

    /** Returns whether a role exists and was created for this stack and this database. */
    boolean belongsTo(RoleNames names, String role) throws SQLException {
        return find(role)
                .filter(found -> found.comment().equals(names.comment(database)))
                .isPresent();
    }

    private record Role(String comment, boolean isPrivileged) {}

    private Optional<Role> find(String role) throws SQLException {
        return session.sql("""
                        SELECT coalesce(shobj_description(oid, 'pg_authid'), '') AS comment,
                               rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls AS is_privileged
                          FROM pg_roles
                         WHERE rolname = ?
                        """, role).first(RecordMapper.of(Role.class));
    }

    /** Quotes a name for an SQL statement. */
    static String quote(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }
}
