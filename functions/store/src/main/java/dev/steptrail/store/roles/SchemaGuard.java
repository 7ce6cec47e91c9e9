package dev.steptrail.store.roles;

import dev.steptrail.store.jdbc.Session;
import dev.steptrail.store.jdbc.Sql;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Checks that migrations cannot call a function of another role by mistake. Migrations call functions without a schema,
 * and Postgres prefers a function whose parameter types match better, even if its own function comes first. A function of
 * another role would therefore run with the rights of the migrating user (<a
 * href="https://www.postgresql.org/docs/current/typeconv-func.html">Function type resolution</a>). This can happen only
 * if the function's name is that of a function of Postgres or of a migration.
 */
final class SchemaGuard {
    /** The functions that the migrations create. Later releases may create others. */
    static final Set<String> FUNCTIONS = Set.of(
            "min_task_id_at(timestamp with time zone)",
            "create_month_partition(text, date)",
            "compress_with_lz4(regclass, text[])",
            "increment_revision()",
            "add_task_facets()",
            "change_time(timestamp with time zone, timestamp with time zone)",
            "metadata_values(json)",
            "require_right_to_name_authors()",
            "set_counted_verdict()",
            "set_task_facets()",
            "set_task_tags()",
            "usage_cost(text, date, bigint, bigint, bigint)");

    private static final String OWNER = """
            SELECT pg_get_userbyid(nspowner)
              FROM pg_namespace
             WHERE nspname = ?
            """;

    /**
     * The parameters are the schema, the names and the signatures of the migrations' functions, the owner of the tables,
     * and the schema. Functions and operators of extensions are excluded: only an extension's owner can add them.
     */
    private static final String CALLED_BY_MISTAKE = """
            WITH functions AS (
                SELECT oid,
                       proname AS name,
                       proname || '(' || oidvectortypes(proargtypes) || ')' AS signature,
                       pg_get_userbyid(proowner) AS owner,
                       CASE prokind WHEN 'a' THEN 'AGGREGATE' WHEN 'p' THEN 'PROCEDURE' ELSE 'FUNCTION' END AS kind
                  FROM pg_proc
                 WHERE pronamespace = to_regnamespace(quote_ident(?))
            )
            SELECT kind, signature
              FROM functions AS f
             WHERE (EXISTS (SELECT FROM pg_proc
                             WHERE proname = f.name AND pronamespace = 'pg_catalog'::regnamespace)
                    OR name = ANY (?) AND (signature <> ALL (?) OR owner <> ?))
               AND NOT EXISTS (SELECT FROM pg_depend
                                WHERE classid = 'pg_proc'::regclass AND objid = f.oid AND deptype = 'e')
            UNION ALL
            SELECT 'OPERATOR',
                   oprname || ' (' || format_type(oprleft, NULL) || ', ' || format_type(oprright, NULL) || ')'
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
     * @param tablesOwner the owner of the tables; empty before the first migration
     * @throws IllegalStateException if another role may create functions, or if migrations could call one by mistake
     */
    static void check(Session session, String schema, Collection<String> roles, Optional<String> tablesOwner)
            throws SQLException {
        if (hasPrivilege(session, "public", schema, "CREATE")) {
            throw new IllegalStateException("every role may create functions in the schema '" + schema
                    + "', which migrations could call by mistake; run as the schema's owner, '"
                    + owner(session, schema) + "': " + revokeCreate(schema));
        }
        for (String role : roles) {
            if (hasPrivilege(session, role, schema, "CREATE")) {
                throw new IllegalStateException("the database role '" + role
                        + "' may create functions in the schema '" + schema + "'; run as the schema's owner, '"
                        + owner(session, schema) + "': REVOKE CREATE ON SCHEMA " + Identifiers.quote(schema)
                        + " FROM " + Identifiers.quote(role));
            }
        }
        checkFunctions(session, schema, tablesOwner);
    }

    /** Returns whether a role has a privilege on a schema; {@code public} is every role. */
    static boolean hasPrivilege(Session session, String role, String schema, String privilege) throws SQLException {
        return session.sql("SELECT has_schema_privilege(?::name, ?::text, ?::text)", role, schema, privilege)
                .single(row -> row.getBoolean(1));
    }

    /** Returns the statement that keeps other roles from creating functions in the schema. */
    static String revokeCreate(String schema) {
        return "REVOKE CREATE ON SCHEMA " + Identifiers.quote(schema) + " FROM PUBLIC";
    }

    private static String owner(Session session, String schema) throws SQLException {
        return session.sql(OWNER, schema).single(row -> row.getString(1));
    }

    /**
     * Checks the functions and operators in the schema.
     *
     * @param tablesOwner the owner of the tables and of the migrations' functions; empty before the first migration
     * @throws IllegalStateException if migrations could call one of them by mistake
     */
    static void checkFunctions(Session session, String schema, Optional<String> tablesOwner) throws SQLException {
        List<String> names = FUNCTIONS.stream()
                .map(signature -> signature.substring(0, signature.indexOf('(')))
                .toList();
        List<String> drops = session.sql(
                        CALLED_BY_MISTAKE,
                        schema,
                        Sql.array("text", names),
                        Sql.array("text", FUNCTIONS),
                        tablesOwner.orElse(""),
                        schema)
                .list(row -> "DROP " + row.getString("kind") + " " + Identifiers.quote(schema) + "."
                        + row.getString("signature"));
        if (!drops.isEmpty()) {
            throw new IllegalStateException("the schema '" + schema
                    + "' contains functions or operators that migrations could call by mistake, because their names are"
                    + " those of Postgres or of Steptrail; check who created them, then run: "
                    + drops.stream().sorted().collect(Collectors.joining("; ")));
        }
    }
}
