package dev.steptrail.store.admin;

import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.model.AuditEntry;

/** Writes down what was done and changed no row of its own. */
public final class RecordAudit {
    private final Database database;

    public RecordAudit(Database database) {
        this.database = database;
    }

    /** Adds it to the audit log. */
    public void record(AuditEntry entry) {
        database.inTransaction(connection -> {
            InsertAudit.in(connection, entry);
            return entry;
        });
    }
}
