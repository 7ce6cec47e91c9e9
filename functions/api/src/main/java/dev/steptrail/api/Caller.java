package dev.steptrail.api;

import org.jspecify.annotations.Nullable;

/**
 * Who asks.
 *
 * @param owner the subject of the token
 * @param admin whether they may see everybody's tasks
 */
record Caller(String owner, boolean admin) {
    /**
     * Whose tasks they list; null for everybody's.
     *
     * @param asked whom they ask for, or null
     * @throws Problem if they may not
     */
    @Nullable
    String listedOwner(@Nullable String asked) {
        if (admin) {
            return asked;
        }
        if (asked != null && !asked.equals(owner)) {
            throw Problem.badRequest("owner: must be yourself; only an admin may ask for the tasks of others.");
        }
        return owner;
    }
}
