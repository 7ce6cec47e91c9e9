package dev.steptrail.store.roles;

import java.util.Locale;

/** The logins of the functions. Each has only the privileges in {@code db/grants.sql}. */
public enum FunctionLogin {
    INGEST,
    API,
    EXPORT,

    /**
     * Maintenance and jobs. Its sessions use the owner's role, because only an owner may create and drop partitions.
     */
    OPERATIONS;

    /** Returns the last part of the role's and of the parameter's name, such as {@code ingest}. */
    public String suffix() {
        return name().toLowerCase(Locale.ROOT);
    }
}
