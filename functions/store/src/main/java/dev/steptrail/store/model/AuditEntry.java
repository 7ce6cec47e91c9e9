package dev.steptrail.store.model;

import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Who did what, for the audit log.
 *
 * @param caller the subject of their token
 * @param action such as {@code register_agent}
 * @param taskId what task it has to do with; null for none
 * @param detail what else tells it; never what a step holds
 */
public record AuditEntry(
        String caller, String action, @Nullable UUID taskId, Map<String, ?> detail) {}
