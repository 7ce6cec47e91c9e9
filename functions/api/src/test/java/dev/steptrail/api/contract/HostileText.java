package dev.steptrail.api.contract;

import dev.steptrail.api.ForgedCursor;
import java.util.List;
import java.util.UUID;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/** Generates hostile and malformed text. */
final class HostileText {
    private static final List<String> CLASSICS = List.of(
            "",
            " ",
            "0",
            "-1",
            "+5",
            "1e3",
            "١",
            "1001",
            "2147483648",
            "9223372036854775808",
            "9".repeat(400),
            "null",
            "true ",
            "TRUE",
            "'; DROP TABLE tasks; --",
            "\" OR 1=1 --",
            "' UNION SELECT token_hash FROM share_links --",
            "%",
            "$1",
            "../../etc/passwd",
            "%00%ff%2e",
            "a\0b",
            "line\nbreak\r",
            "\uFFFD\uFFFD",
            "\uD800",
            "a\uDFFF",
            "\uDC00\uD800",
            "📷\u202E相机",
            "x".repeat(10_240),
            "📷".repeat(5_120),
            "'".repeat(10_240),
            "2026-02-30",
            "10000-01-01",
            "0000-01-01T00:00:00Z",
            "0001-01-01T00:00:00+18:00",
            "+999999999-12-31T23:59:59.999999999Z",
            "-1000000000-01-01T00:00:00Z",
            "9999-12-31T23:59:59-18:00",
            "$task.0",
            "$task.2147483648",
            "$task.99999999999",
            "$TASK");

    /** Names of lists; cursors of other lists are then of another list too. */
    private static final List<String> LISTS = List.of(
            "tasks.desc", "steps.asc", "steps.desc", "screenshots.asc", "verdicts.desc", "audit.desc", "agents.asc");

    private HostileText() {}

    static Arbitrary<String> any() {
        return Arbitraries.frequencyOf(
                Tuple.of(4, Arbitraries.of(CLASSICS)),
                Tuple.of(1, Arbitraries.strings().ofMaxLength(40)),
                Tuple.of(1, Arbitraries.longs().map(bits -> new UUID(bits, bits).toString())));
    }

    /** Generates cursors with forged keys. */
    static Arbitrary<String> forgedCursor() {
        Arbitrary<String> keys = Arbitraries.oneOf(
                Arbitraries.of(CLASSICS).filter(text -> text.length() < 1000),
                Arbitraries.of(
                        "1", "7", "2026-03-01T10:00:00Z", "2026-03-01T10:00:00.1Z", "1-1-1-1-1", "AIDAALICE", "$task"));
        return Combinators.combine(Arbitraries.of(LISTS), keys.list().ofMaxSize(3))
                .as((list, key) -> ForgedCursor.of(list, key.toArray()));
    }
}
