package dev.steptrail.store.roles;

import dev.steptrail.store.jdbc.Session;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Checks that no other role could have created functions in the schema. Migrations call functions without a schema, and
 * Postgres prefers a function whose parameter types match better. A function of another role would therefore run with
 * the rights of the migrating user (<a href="https://www.postgresql.org/docs/current/typeconv-func.html">Function type
 * resolution</a>).
 */
final class SchemaGuard {
    /** The functions that the migrations create. */
    static final Set<String> FUNCTIONS = Set.of(
            "min_task_id_at(timestamp with time zone)",
            "create_month_partition(text, date)",
            "compress_with_lz4(regclass, text[])",
            "increment_revision()");

    private static final String OWNER = """
            SELECT pg_get_userbyid(nspowner)
              FROM pg_namespace
             WHERE nspname = ?
            """;

    /** Functions and operators of extensions are excluded: only an extension's owner can add them. */
    private static final String FUNCTIONS_IN_SCHEMA = """
            WITH tables AS (
                SELECT relowner
                  FROM pg_class
                 WHERE oid = to_regclass(format('%I.task_steps', ?::text))
            )
            SELECT 'FUNCTION' AS kind,
                   proname || '(' || oidvectortypes(proargtypes) || ')' AS signature,
                   coalesce(proowner = (SELECT relowner FROM tables), false) AS has_owner_of_tables
              FROM pg_proc AS f
             WHERE pronamespace = to_regnamespace(quote_ident(?))
               AND NOT EXISTS (SELECT FROM pg_depend
                                WHERE classid = 'pg_proc'::regclass AND objid = f.oid AND deptype = 'e')
            UNION ALL
            SELECT 'OPERATOR',
                   oprname || ' (' || format_type(oprleft, NULL) || ', ' || format_type(oprright, NULL) || ')',
                   false
              FROM pg_operator AS o
             WHERE oprnamespace = to_regnamespace(quote_ident(?))
               AND NOT EXISTS (SELECT FROM pg_depend
                                WHERE classid = 'pg_operator'::regclass AND objid = o.oid AND deptype = 'e')
            """;

    private SchemaGuard() {}

    /**
     * Checks the privileges on the schema and the functions in it.
     *
     * @param session a session whose search path is {@code pg_catalog}
     * @param roles the roles that must not have the privilege to create functions
     * @param user the migrating user
     * @throws IllegalStateException if another role could have created a function, or has created one
     */
    static void check(Session session, String schema, Collection<String> roles, String user) throws SQLException {
        checkPrivileges(session, schema, roles, user);
        checkFunctions(session, schema);
    }

    /** Returns whether a role has a privilege on a schema; {@code public} is every role. */
    static boolean hasPrivilege(Session session, String role, String schema, String privilege) throws SQLException {
        return session.sql("SELECT has_schema_privilege(?::name, ?::text, ?::text)", role, schema, privilege)
                .single(row -> row.getBoolean(1));
    }

    private static void checkPrivileges(Session session, String schema, Collection<String> roles, String user)
            throws SQLException {
        if (hasPrivilege(session, "public", schema, "CREATE")) {
            throw new IllegalStateException("every role may create functions in the schema '" + schema
                    + "', which migrations could call by mistake, and the user '" + user + "' may not change that; run"
                    + " as the schema's owner, '" + owner(session, schema) + "': " + reserve(schema, user));
        }
        for (String role : roles) {
            if (hasPrivilege(session, role, schema, "CREATE")) {
                throw new IllegalStateException("the database role '" + role
                        + "' may create functions in the schema '" + schema + "'; run as the schema's owner, '"
                        + owner(session, schema) + "': REVOKE CREATE ON SCHEMA " + Identifiers.quote(schema)
                        + " FROM " + Identifiers.quote(role));
            }
        }
    }

    /** Returns the statement that keeps other roles from creating functions in the schema. */
    static String revokeCreate(String schema) {
        return "REVOKE CREATE ON SCHEMA " + Identifiers.quote(schema) + " FROM PUBLIC";
    }

    /** Returns the statements for the schema's owner that let only the migrating user create functions. */
    static String reserve(String schema, String user) {
        return revokeCreate(schema) + "; GRANT CREATE, USAGE ON SCHEMA " + Identifiers.quote(schema) + " TO "
                + Identifiers.quote(user) + " WITH GRANT OPTION";
    }

    private static String owner(Session session, String schema) throws SQLException {
        return session.sql(OWNER, schema).single(row -> row.getString(1));
    }

    private record Routine(String kind, String signature, boolean hasOwnerOfTables) {}

    private static void checkFunctions(Session session, String schema) throws SQLException {
        List<Routine> others = session
                .sql(FUNCTIONS_IN_SCHEMA, schema, schema, schema)
                .list(row -> new Routine(
                        row.getString("kind"), row.getString("signature"), row.getBoolean("has_owner_of_tables")))
                .stream()
                .filter(routine -> !routine.hasOwnerOfTables() || !FUNCTIONS.contains(routine.signature()))
                .toList();
        if (!others.isEmpty()) {
            throw new IllegalStateException("the schema '" + schema + "' contains functions that no migration of this"
                    + " release created, and that migrations could call by mistake; check who created them, then run: "
                    + others.stream()
                            .map(routine -> "DROP " + routine.kind() + " " + Identifiers.quote(schema) + "."
                                    + routine.signature())
                            .sorted()
                            .collect(Collectors.joining("; ")));
        }
    }
}
