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
 * A JSON object whose values are all in the form of {@link JsonValues}, in their order. Unmodifiable, so it
 * need not be copied again.
 */
final class JsonObject extends AbstractMap<String, Object> {
    static final JsonObject EMPTY = new JsonObject(new Object[0], null);

    /** Up to so many names it is quicker to look at all than to find one by its hash. */
    private static final int FEW = 16;

    /** Names and values in turns: most objects are small, and hostile JSON has millions of them. */
    private final @Nullable Object[] fields;

    private final @Nullable Map<String, Integer> places;

    private JsonObject(@Nullable Object[] fields, @Nullable Map<String, Integer> places) {
        this.fields = fields;
        this.places = places;
    }

    /** Gathers fields. Of a name that comes twice the last value counts, at the place of the first. */
    static final class Builder {
        private @Nullable Object[] fields = new Object[4];
        private int length;
        private @Nullable Map<String, Integer> places;

        void put(String name, @Nullable Object value) {
            int at = place(name, fields, length, places);
            if (at >= 0) {
                fields[at + 1] = value;
                return;
            }
            if (length == 2 * FEW) {
                places = new HashMap<>();
                for (int i = 0; i < length; i += 2) {
                    places.put((String) fields[i], i);
                }
            }
            if (places != null) {
                places.put(name, length);
            }
            if (length == fields.length) {
                fields = Arrays.copyOf(fields, 2 * length);
            }
            fields[length++] = name;
            fields[length++] = value;
        }

        /** The object, once: nothing is put here after that. */
        JsonObject build() {
            return length == 0
                    ? EMPTY
                    : new JsonObject(length == fields.length ? fields : Arrays.copyOf(fields, length), places);
        }
    }

    /** This object with another value in a field. */
    JsonObject with(String name, @Nullable Object value) {
        Builder copy = new Builder();
        forEach(copy::put);
        copy.put(name, value);
        return copy.build();
    }

    /** The index of a name in {@code fields}; -1 if it is not among them. */
    private static int place(
            @Nullable Object name, @Nullable Object[] fields, int length, @Nullable Map<String, Integer> places) {
        if (places != null) {
            Integer place = places.get(name);
            return place == null ? -1 : place;
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
        int at = place(name, fields, fields.length, places);
        return at < 0 ? null : fields[at + 1];
    }

    @Override
    public boolean containsKey(@Nullable Object name) {
        return place(name, fields, fields.length, places) >= 0;
    }

    @Override
    public int size() {
        return fields.length / 2;
    }

    /** The index of a field; -1 if there is none. It is found at once if it stands at {@code likely}. */
    int indexOf(String name, int likely) {
        if (likely < size() && name.equals(fields[2 * likely])) {
            return likely;
        }
        int place = place(name, fields, fields.length, places);
        return place < 0 ? -1 : place / 2;
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
