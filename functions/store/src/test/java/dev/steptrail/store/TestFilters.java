package dev.steptrail.store;

import dev.steptrail.store.model.Facet;
import dev.steptrail.store.model.TaskFilter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Creates filters for tests. */
public final class TestFilters {
    private TestFilters() {}

    /**
     * Returns a filter for the tasks of one owner, or of all owners if it is null, that have these tags and metadata.
     */
    public static TaskFilter of(@Nullable String owner, List<Facet> facets) {
        return new TaskFilter(owner, null, null, null, null, null, null, null, facets, null, null, null);
    }

    /** @param key for a nested object, its keys, joined by dots */
    public static Facet metadata(String key, String value) {
        return new Facet(Facet.METADATA + key, value);
    }
}
