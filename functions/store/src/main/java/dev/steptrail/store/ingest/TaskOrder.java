package dev.steptrail.store.ingest;

import java.util.Comparator;
import java.util.UUID;

/** The order that Postgres knows of ids, in which all lock tasks and write steps. Java's own takes the halves of one for signed. */
final class TaskOrder {
    static final Comparator<UUID> OF_IDS = Comparator.comparing(UUID::getMostSignificantBits, Long::compareUnsigned)
            .thenComparing(UUID::getLeastSignificantBits, Long::compareUnsigned);

    private TaskOrder() {}
}
