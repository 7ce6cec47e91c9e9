package dev.steptrail.store.judgements;

import dev.steptrail.store.jdbc.Session;
import dev.steptrail.store.judgements.VerdictRepository.NewVerdict;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;

/** A change that can be made to one task or to many. */
public sealed interface BulkChange permits TagChange, NewVerdict {
    /**
     * Changes tasks, and records each change in the audit log, with the same statements for any number of tasks.
     *
     * @param taskIds tasks that this transaction has locked
     * @param caller the subject of the token
     */
    BulkResult apply(Session session, List<UUID> taskIds, String caller) throws SQLException;
}
