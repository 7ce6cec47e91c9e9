package dev.steptrail.insights;

import java.util.List;

/**
 * The latest runs of an owner, whatever was asked in each, newest first.
 *
 * @param latest however they went
 * @param failures the latest that failed, which reach back further
 */
record OwnerHistory(List<RunDigest> latest, List<RunDigest> failures) {
    OwnerHistory {
        latest = TextHistory.newestFirst(latest);
        failures = TextHistory.newestFirst(failures);
    }
}
