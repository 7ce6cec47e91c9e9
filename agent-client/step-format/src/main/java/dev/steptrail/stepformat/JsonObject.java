package dev.steptrail.stepformat;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An unmodifiable JSON object that preserves the order of its fields. Its values have the types that {@link JsonValues}
 * describes.
 */
final class JsonObject extends AbstractMap<String, Object> {
    static final JsonObject EMPTY = new JsonObject(new Object[0], null);

    /** Up to this number of fields, a linear search is faster than a hash lookup. */
    private static final int MAX_LINEAR_SEARCH = 16;

    /** Alternating names and values. A compact form, because hostile JSON may contain millions of small objects. */
    private final @Nullable Object[] fields;

    /** Maps names to positions in {@code fields}; null if the object is small. */
    private final @Nullable Map<String, Integer> positions;

    private JsonObject(@Nullable Object[] fields, @Nullable Map<String, Integer> positions) {
        this.fields = fields;
        this.positions = positions;
    }

    /** Builds an object. If a name occurs twice, the last value wins, at the position of the first. */
    static final class Builder {
        private @Nullable Object[] fields = new Object[4];
        private int length;
        private @Nullable Map<String, Integer> positions;

        void put(String name, @Nullable Object value) {
            int position = findPosition(name, fields, length, positions);
            if (position >= 0) {
                fields[position + 1] = value;
                return;
            }
            if (length == 2 * MAX_LINEAR_SEARCH) {
                positions = new HashMap<>();
                for (int i = 0; i < length; i += 2) {
                    positions.put((String) fields[i], i);
                }
            }
            if (positions != null) {
                positions.put(name, length);
            }
            if (length == fields.length) {
                fields = Arrays.copyOf(fields, 2 * length);
            }
            fields[length++] = name;
            fields[length++] = value;
        }

        /** Returns the object. The builder must not be used afterwards. */
        JsonObject build() {
            return length == 0
                    ? EMPTY
                    : new JsonObject(length == fields.length ? fields : Arrays.copyOf(fields, length), positions);
        }
    }

    /** Returns a copy in which one field is added or replaced. */
    JsonObject withField(String name, @Nullable Object value) {
        Builder copy = new Builder();
        forEach(copy::put);
        copy.put(name, value);
        return copy.build();
    }

    /** Returns the position of a name in {@code fields}, or -1 if it is absent. */
    private static int findPosition(
            @Nullable Object name, @Nullable Object[] fields, int length, @Nullable Map<String, Integer> positions) {
        if (positions != null) {
            Integer position = positions.get(name);
            return position == null ? -1 : position;
        }
        for (int i = 0; i < length; i += 2) {
            if (Objects.equals(fields[i], name)) {
                return i;
            }
        }
        return -1;
    }

    @Override
    public @Nullable Object get(@Nullable Object name) {
        int position = findPosition(name, fields, fields.length, positions);
        return position < 0 ? null : fields[position + 1];
    }

    @Override
    public boolean containsKey(@Nullable Object name) {
        return findPosition(name, fields, fields.length, positions) >= 0;
    }

    @Override
    public int size() {
        return fields.length / 2;
    }

    /** Returns the index of a field, or -1 if it is absent. Checks {@code expectedIndex} first. */
    int indexOf(String name, int expectedIndex) {
        if (expectedIndex < size() && name.equals(fields[2 * expectedIndex])) {
            return expectedIndex;
        }
        int position = findPosition(name, fields, fields.length, positions);
        return position < 0 ? -1 : position / 2;
    }

    String name(int index) {
        return (String) fields[2 * index];
    }

    @Nullable
    Object value(int index) {
        return fields[2 * index + 1];
    }

    @Override
    public Set<Entry<String, Object>> entrySet() {
        return new AbstractSet<>() {
            @Override
            public int size() {
                return fields.length / 2;
            }

            @Override
            public Iterator<Entry<String, Object>> iterator() {
                return new Entries(fields);
            }
        };
    }

    private static final class Entries implements Iterator<Map.Entry<String, Object>> {
        private final @Nullable Object[] fields;
        private int next;

        private Entries(@Nullable Object[] fields) {
            this.fields = fields;
        }

        @Override
        public boolean hasNext() {
            return next < fields.length;
        }

        @Override
        public Map.Entry<String, Object> next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            next += 2;
            return new SimpleImmutableEntry<>((String) fields[next - 2], fields[next - 1]);
        }
    }
}
