package dev.steptrail.store.roles;

import static dev.steptrail.store.roles.RoleCatalog.quote;

import dev.steptrail.store.jdbc.Session;
import dev.steptrail.store.jdbc.Sql;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Objects;

/**
 * Grants the logins their privileges, and revokes those of other roles, on the tables and sequences of Steptrail: those
 * with the owner of {@code task_steps}. Managed databases grant such privileges by default; Supabase grants them to
 * {@code anon} and {@code authenticated}, which its Data API uses. The search path of the session must be
 * {@code pg_catalog}.
 */
final class TablePrivileges {
    /** Privileges on tables, columns and sequences, without those of their owner. */
    private static final String GRANTS = """
            SELECT n.nspname, c.relname, c.relkind, g.grantee,
                   CASE g.grantee WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(g.grantee) END AS role
              FROM pg_class AS t
              JOIN pg_class AS c ON c.relowner = t.relowner AND c.relnamespace = t.relnamespace
              JOIN pg_namespace AS n ON n.oid = c.relnamespace
             CROSS JOIN LATERAL (
                   SELECT a.grantee
                     FROM aclexplode(c.relacl) AS a
                    UNION
                   SELECT a.grantee
                     FROM pg_attribute
                    CROSS JOIN aclexplode(attacl) AS a
                    WHERE attrelid = c.oid) AS g
             WHERE t.oid = to_regclass(format('%I.task_steps', ?::text))
               AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
               AND g.grantee <> c.relowner
            """;

    private static final String REVOKE = """
            SELECT format('REVOKE ALL ON %%s %%I.%%I FROM %%s CASCADE',
                          CASE relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END,
                          nspname,
                          relname,
                          string_agg(CASE grantee WHEN 0 THEN role ELSE quote_ident(role) END, ', '))
              FROM (%s) AS grants
             WHERE role <> ALL (?)
             GROUP BY relkind, nspname, relname
             ORDER BY relname
            """.formatted(GRANTS);

    private static final String REMAINING = """
            SELECT format('%%s (%%s)', role, string_agg(relname, ', ' ORDER BY relname))
              FROM (%s) AS grants
             WHERE role <> ALL (?)
             GROUP BY role
             ORDER BY role
            """.formatted(GRANTS);

    private static final String REVOKE_DEFAULTS = """
            SELECT format('ALTER DEFAULT PRIVILEGES FOR ROLE %I%s REVOKE ALL ON %s FROM %s CASCADE',
                          pg_get_userbyid(d.defaclrole),
                          coalesce(' IN SCHEMA ' || quote_ident(n.nspname), ''),
                          CASE d.defaclobjtype WHEN 'S' THEN 'SEQUENCES' ELSE 'TABLES' END,
                          CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END)
              FROM pg_class AS t
              JOIN pg_default_acl AS d ON d.defaclrole = t.relowner AND d.defaclnamespace IN (0, t.relnamespace)
              LEFT JOIN pg_namespace AS n ON n.oid = d.defaclnamespace
             CROSS JOIN LATERAL (SELECT DISTINCT grantee FROM aclexplode(d.defaclacl)) AS a
             WHERE t.oid = to_regclass(format('%I.task_steps', ?::text))
               AND d.defaclobjtype IN ('r', 'S')
               AND a.grantee <> d.defaclrole
            """;

    private static final String FILE = "/db/grants.sql";

    private TablePrivileges() {}

    /** Revokes all privileges on the stack's tables from all roles except the owner. */
    static void revokeAll(Session session, String schema, RoleNames names) throws SQLException {
        session.execute("SET LOCAL ROLE " + quote(names.owner()));
        revoke(session, schema, List.of());
        session.execute("SET LOCAL ROLE NONE");
    }

    /** Grants the logins their privileges on the stack's tables. */
    static void grant(Session session, String schema, RoleNames names) throws SQLException {
        session.execute("SET LOCAL ROLE " + quote(names.owner()));
        session.execute("SET LOCAL search_path = pg_catalog, " + quote(schema) + ", pg_temp");
        session.execute(grants(names));
        session.execute("SET LOCAL search_path = pg_catalog, pg_temp");
        session.execute("SET LOCAL ROLE NONE");
    }

    private static String grants(RoleNames names) {
        try (InputStream file = Objects.requireNonNull(TablePrivileges.class.getResourceAsStream(FILE))) {
            String sql =
                    new String(file.readAllBytes(), StandardCharsets.UTF_8).replace("${owner}", quote(names.owner()));
            for (FunctionLogin login : FunctionLogin.values()) {
                sql = sql.replace("${" + login.suffix() + "}", quote(names.login(login)));
            }
            return sql;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Revokes all privileges on existing and future tables from all roles except the owner and {@code kept}. */
    static void revoke(Session session, String schema, Collection<String> kept) throws SQLException {
        List<String> statements =
                session.sql(REVOKE, schema, Sql.array("text", kept)).list(row -> row.getString(1));
        for (String statement : statements) {
            session.sql(statement).update();
        }
        List<String> defaults = session.sql(REVOKE_DEFAULTS, schema).list(row -> row.getString(1));
        for (String statement : defaults) {
            session.sql(statement).update();
        }
    }

    /**
     * Checks that only the owner and {@code kept} have privileges. Postgres only warns if a user may not revoke one.
     *
     * @throws IllegalStateException if another role has a privilege
     */
    static void check(Session session, String schema, Collection<String> kept) throws SQLException {
        List<String> others =
                session.sql(REMAINING, schema, Sql.array("text", kept)).list(row -> row.getString(1));
        if (!others.isEmpty()) {
            throw new IllegalStateException(
                    "other roles have privileges on Steptrail's tables that this user may not" + " revoke: "
                            + String.join("; ", others) + "; run as the tables' owner: REVOKE ALL ON TABLE … FROM …");
        }
    }
}
