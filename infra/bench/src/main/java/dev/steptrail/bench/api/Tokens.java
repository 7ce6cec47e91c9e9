package dev.steptrail.bench.api;

import dev.steptrail.bench.database.Postgres;
import dev.steptrail.localcloud.identity.Issuer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** Tokens of the local cloud's issuer. */
record Tokens(Issuer issuer, AtomicInteger readers) {
    private static final Duration LIFETIME = Duration.ofHours(2);

    Tokens(Issuer issuer) {
        this(issuer, new AtomicInteger());
    }

    /** Somebody's who sees what is theirs; of the same read it is written down once a minute. */
    String of(String user) {
        return issuer.token(user, Map.of(), LIFETIME);
    }

    /** The owner's of the tasks that are asked for. */
    String ofOwner() {
        return of(Postgres.OWNER);
    }

    /** Of an admin who never read before, whose read is written down. */
    String ofNewReader() {
        return issuer.token(
                "reader-" + readers.incrementAndGet(), Map.of("cognito:groups", List.of("steptrail-admin")), LIFETIME);
    }
}
