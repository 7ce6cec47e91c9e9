package dev.steptrail.store.jdbc;

import java.util.List;

/**
 * A part of a list.
 *
 * @param hasMore whether the list goes on after the last of {@code items}
 */
public record Page<T>(List<T> items, boolean hasMore) {
    public Page {
        items = List.copyOf(items);
    }
}
