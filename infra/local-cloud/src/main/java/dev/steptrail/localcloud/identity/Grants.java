package dev.steptrail.localcloud.identity;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The codes and refresh tokens that were given out and are still good, until the issuer stops. Thread-safe. */
final class Grants {
    private static final Duration CODE_LIFETIME = Duration.ofMinutes(1);
    private static final Duration REFRESH_LIFETIME = Duration.ofDays(30);
    private static final SecureRandom RANDOM = new SecureRandom();

    private final InstantSource clock;
    private final Map<String, Grant> codes = new HashMap<>();
    private final Map<String, Grant> refreshTokens = new HashMap<>();

    /** Who has signed in, and for which client. */
    record Grant(User user, AuthorizationRequest request, Instant expires) {}

    Grants(InstantSource clock) {
        this.clock = clock;
    }

    /** A code, good once and for a minute. */
    synchronized String code(User user, AuthorizationRequest request) {
        return keep(codes, user, request, CODE_LIFETIME);
    }

    /** What the code stands for. Whoever asked, right or wrong: it is used up. */
    synchronized Optional<Grant> redeem(String code) {
        return Optional.ofNullable(codes.remove(code)).filter(this::isGood);
    }

    synchronized String refreshToken(Grant grant) {
        return keep(refreshTokens, grant.user(), grant.request(), REFRESH_LIFETIME);
    }

    synchronized Optional<Grant> refreshed(String token) {
        return Optional.ofNullable(refreshTokens.get(token)).filter(this::isGood);
    }

    private String keep(Map<String, Grant> grants, User user, AuthorizationRequest request, Duration lifetime) {
        grants.values().removeIf(grant -> !isGood(grant));
        byte[] random = new byte[32];
        RANDOM.nextBytes(random);
        String secret = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
        grants.put(secret, new Grant(user, request, clock.instant().plus(lifetime)));
        return secret;
    }

    private boolean isGood(Grant grant) {
        return clock.instant().isBefore(grant.expires());
    }
}
