package dev.steptrail.store.ingest;

import dev.steptrail.stepformat.Sha256;
import dev.steptrail.stepformat.Verdict;
import dev.steptrail.stepformat.VerdictValue;
import dev.steptrail.store.ingest.TaskRecords.ReceivedVerdict;
import dev.steptrail.store.ingest.TaskRecords.VerdictKey;
import dev.steptrail.store.jdbc.Session;
import dev.steptrail.store.jdbc.Sql;
import dev.steptrail.store.judgements.VerdictRepository;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Writes the verdicts of evaluators. Of two verdicts with the same name and evaluator, the later one is kept, in
 * whichever order they arrive; a copy of a deleted verdict does not restore it.
 *
 * <p>A record whose time is in the future has the time of its receipt, so that later verdicts replace it. The row keeps
 * the record's own time in {@code ahead_until}, because a copy would otherwise be newer. Records with a time in the
 * future are ignored up to that time.
 */
final class VerdictWriter {
    /** Orders verdicts of one name and evaluator. The database uses the same order. */
    static final Comparator<Verdict> REPLACEMENT_ORDER =
            Comparator.comparing(Verdict::timestamp).thenComparing(VerdictWriter::tieBreaker);

    static final String TOO_MANY = "the task has " + VerdictRepository.MAX_VERDICTS + " verdicts";

    private static final String COUNT = """
            SELECT task_id,
                   name,
                   source,
                   judge
              FROM verdicts
             WHERE task_id = ANY (?)
            """;

    private static final String WRITE = """
            INSERT INTO verdicts AS v
                   (task_id, name, value, score, source, judge, evaluator_version, reason, tie_breaker, judged_at,
                    ahead_until)
            SELECT task_id, name, value, score, 'automatic', judge, evaluator_version, reason, tie_breaker,
                   least(recorded_at, received_at),
                   CASE WHEN recorded_at > received_at THEN recorded_at END
              FROM unnest(?::uuid[], ?::text[], ?::text[], ?::float8[], ?::text[], ?::text[], ?::text[], ?::text[],
                          ?::timestamptz[])
                   AS r (task_id, name, value, score, judge, evaluator_version, reason, tie_breaker, recorded_at)
             CROSS JOIN (SELECT clock_timestamp() AS received_at) AS clock
             ORDER BY task_id, name, judge
            ON CONFLICT (task_id, name, source, judge) DO UPDATE
               SET value             = excluded.value,
                   score             = excluded.score,
                   evaluator_version = excluded.evaluator_version,
                   author            = NULL,
                   reason            = excluded.reason,
                   tie_breaker       = excluded.tie_breaker,
                   judged_at         = excluded.judged_at,
                   ahead_until       = coalesce(excluded.ahead_until, v.ahead_until),
                   deleted_at        = NULL
             WHERE (excluded.judged_at, excluded.tie_breaker) > (v.judged_at, v.tie_breaker)
               AND (   v.ahead_until IS NULL
                    OR coalesce(excluded.ahead_until, excluded.judged_at) > v.ahead_until
                    OR excluded.ahead_until IS NULL AND excluded.judged_at < v.ahead_until)
            """;

    private VerdictWriter() {}

    /** Returns the verdict as it is stored. */
    static Verdict truncate(Verdict verdict) {
        return verdict.with(reason(verdict), Map.of());
    }

    /**
     * Returns the verdicts that may be stored, and adds rejections of the others. The limit is approximate: concurrent
     * writers, which have not locked the task yet, may exceed it by the verdicts of their batches.
     */
    static List<Verdict> applyLimit(Session session, Collection<TaskRecords> tasks, Collection<Rejection> rejected)
            throws SQLException {
        List<TaskRecords> judged =
                tasks.stream().filter(task -> !task.verdicts().isEmpty()).toList();
        if (judged.isEmpty()) {
            return List.of();
        }
        Map<UUID, Integer> counts = new HashMap<>();
        Map<UUID, Set<VerdictKey>> automatic = new HashMap<>();
        session.sql(COUNT, Sql.column("uuid", judged, TaskRecords::taskId)).forEach(row -> {
            UUID taskId = row.getObject("task_id", UUID.class);
            counts.merge(taskId, 1, Integer::sum);
            if (row.getString("source").equals("automatic")) {
                automatic
                        .computeIfAbsent(taskId, id -> new HashSet<>())
                        .add(new VerdictKey(row.getString("name"), row.getString("judge")));
            }
        });
        List<Verdict> accepted = new ArrayList<>();
        for (TaskRecords task : judged) {
            Set<VerdictKey> stored = automatic.getOrDefault(task.taskId(), Set.of());
            for (ReceivedVerdict each : task.verdicts()) {
                if (stored.contains(each.key())
                        || counts.merge(task.taskId(), 1, Integer::sum) <= VerdictRepository.MAX_VERDICTS) {
                    accepted.add(each.verdict());
                } else {
                    rejected.add(Rejection.forRecord(
                            each.senderId(), task.owner(), each.element(), RejectionCause.NOT_ALLOWED, TOO_MANY));
                }
            }
        }
        return accepted;
    }

    /** Writes verdicts with different keys. The caller must hold the locks of their tasks. */
    static void write(Session session, Collection<Verdict> verdicts) throws SQLException {
        if (verdicts.isEmpty()) {
            return;
        }
        session.sql(
                        WRITE,
                        Sql.column("uuid", verdicts, Verdict::taskId),
                        Sql.column("text", verdicts, Verdict::name),
                        Sql.column("text", verdicts, VerdictWriter::label),
                        Sql.column("float8", verdicts, VerdictWriter::score),
                        Sql.column("text", verdicts, Verdict::evaluator),
                        Sql.column("text", verdicts, Verdict::evaluatorVersion),
                        Sql.column("text", verdicts, VerdictWriter::reason),
                        Sql.column("text", verdicts, VerdictWriter::tieBreaker),
                        Sql.column("timestamptz", verdicts, Verdict::timestamp))
                .update();
    }

    private static @Nullable String label(Verdict verdict) {
        return verdict.value() instanceof VerdictValue.Label label ? label.wireName() : null;
    }

    private static @Nullable Double score(Verdict verdict) {
        return verdict.value() instanceof VerdictValue.Score score ? score.number() : null;
    }

    private static @Nullable String reason(Verdict verdict) {
        String reason = verdict.reason();
        return reason == null || reason.codePointCount(0, reason.length()) <= Verdict.MAX_REASON_LENGTH
                ? reason
                : reason.substring(0, reason.offsetByCodePoints(0, Verdict.MAX_REASON_LENGTH));
    }

    /**
     * Returns a hash of what may differ in stored verdicts of the same time, so that every order of arrival keeps the
     * same one.
     */
    private static String tieBreaker(Verdict verdict) {
        return Sha256.hex(String.join(
                        "\n",
                        String.valueOf(label(verdict)),
                        String.valueOf(score(verdict)),
                        String.valueOf(verdict.evaluatorVersion()),
                        String.valueOf(reason(verdict)))
                .getBytes(StandardCharsets.UTF_8));
    }
}
