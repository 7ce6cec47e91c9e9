package dev.steptrail.api;

import org.jspecify.annotations.Nullable;

/**
 * The authenticated caller of a request.
 *
 * @param owner the subject of the token
 * @param admin whether the caller may see the tasks of all owners
 */
record Caller(String owner, boolean admin) {
    /**
     * Returns the owner to filter by; null for all owners.
     *
     * @param requested the requested owner; null if none was requested
     * @throws Problem if the caller may not read the tasks of that owner
     */
    @Nullable
    String ownerFilter(@Nullable String requested) {
        if (admin) {
            return requested;
        }
        if (requested != null && !requested.equals(owner)) {
            throw Problem.badRequest(
                    "owner: must be your own user id; only admins can read the tasks of other owners.");
        }
        return owner;
    }
}
