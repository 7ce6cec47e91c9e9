package dev.steptrail.store.roles;

import static dev.steptrail.store.roles.Identifiers.quote;

import dev.steptrail.store.jdbc.Session;
import java.sql.SQLException;
import java.util.Optional;

/**
 * Takes over the tables of another stack, whose database or snapshot this stack uses. The search path of the session must
 * be {@code pg_catalog}.
 */
final class TableTakeover {
    private final Session session;
    private final RoleCatalog roles;
    private final String schema;
    private final RoleNames other;

    private TableTakeover(Session session, RoleCatalog roles, String schema, RoleNames other) {
        this.session = session;
        this.roles = roles;
        this.schema = schema;
        this.other = other;
    }

    /**
     * Returns the takeover that is necessary; empty if there are no tables, or if they belong to this stack or to a login.
     * {@link Preconditions} has checked that another owner is that of a stack.
     *
     * @param existingStack the name of the stack whose tables may be taken over
     * @throws IllegalStateException if the tables belong to a third stack
     */
    static Optional<TableTakeover> find(
            Session session, RoleCatalog roles, String schema, RoleNames names, String existingStack)
            throws SQLException {
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
        return other.map(found -> new TableTakeover(session, roles, schema, found));
    }

    String otherOwner() {
        return other.owner();
    }

    /** The other stack's roles lose their privileges. Its logins are disabled, unless they belong to another database. */
    void apply(RoleNames names) throws SQLException {
        session.execute("REASSIGN OWNED BY " + quote(otherOwner()) + " TO " + quote(names.owner()));
        TablePrivileges.revokeAll(session, schema, names);
        for (FunctionLogin login : FunctionLogin.values()) {
            String name = other.login(login);
            if (roles.exists(name)) {
                session.execute("REVOKE ALL ON SCHEMA " + quote(schema) + " FROM " + quote(name));
            }
            if (roles.belongsTo(other, name)) {
                session.execute("ALTER ROLE " + quote(name) + " NOLOGIN");
            }
        }
        session.execute("REVOKE ALL ON SCHEMA " + quote(schema) + " FROM " + quote(otherOwner()));
    }
}
