package dev.steptrail.store.model;

import java.util.Comparator;

/**
 * A value by which tasks are filtered: a tag, or a value of their metadata.
 *
 * @param name {@value #TAG}, or {@value #METADATA} and the key; keys of nested objects are joined by dots
 * @param value at most {@value #MAX_LENGTH} characters; longer values of the metadata are truncated
 */
public record Facet(String name, String value) implements Comparable<Facet> {
    public static final String TAG = "tag";
    public static final String METADATA = "metadata.";

    /** The maximum length of the name and of the value. */
    public static final int MAX_LENGTH = 200;

    public static Facet tag(String tag) {
        return new Facet(TAG, tag);
    }

    public boolean isTag() {
        return name.equals(TAG);
    }

    @Override
    public int compareTo(Facet other) {
        return Comparator.comparing(Facet::name).thenComparing(Facet::value).compare(this, other);
    }
}
