package dev.steptrail.aws;

import org.jspecify.annotations.Nullable;

/**
 * What signs in a role's name.
 *
 * @param sessionToken null for credentials that last
 */
public record Credentials(
        String accessKeyId,
        String secretAccessKey,
        @Nullable String sessionToken) {
    @Override
    public String toString() {
        return "Credentials of " + accessKeyId; // and no secrets
    }
}
