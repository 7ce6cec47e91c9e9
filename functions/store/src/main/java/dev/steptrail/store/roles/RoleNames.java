package dev.steptrail.store.roles;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The names of the roles of a stack. A server's databases share its roles, so the names start with the stack's name.
 */
record RoleNames(String stack) {
    /** Postgres truncates longer names. */
    private static final int MAX_BYTES = 63;

    private static final String OWNER_SUFFIX = "_owner";

    /** Returns the role that owns the tables. */
    String owner() {
        return stack + OWNER_SUFFIX;
    }

    String login(FunctionLogin login) {
        return stack + "_" + login.suffix();
    }

    /** Returns the comment of the stack's roles, by which a stack recognises those of its database. */
    String comment(String database) {
        return "Steptrail stack " + stack + ", database " + database;
    }

    /**
     * Checks the length of the names.
     *
     * @throws IllegalArgumentException if Postgres would truncate a name
     */
    void checkLength() {
        String longest = login(FunctionLogin.OPERATIONS);
        int bytes = longest.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > MAX_BYTES) {
            throw new IllegalArgumentException("STEPTRAIL_STACK: '" + stack + "' is too long: the database role '"
                    + longest + "' would have " + bytes + " bytes, and Postgres allows " + MAX_BYTES
                    + "; use a stack name of at most " + (MAX_BYTES - bytes + stack.length()) + " characters");
        }
    }

    /** Returns the stack whose tables belong to this role; empty if the role's name is not that of an owner. */
    static Optional<String> stackOf(String owner) {
        return owner.endsWith(OWNER_SUFFIX) && owner.length() > OWNER_SUFFIX.length()
                ? Optional.of(owner.substring(0, owner.length() - OWNER_SUFFIX.length()))
                : Optional.empty();
    }
}
