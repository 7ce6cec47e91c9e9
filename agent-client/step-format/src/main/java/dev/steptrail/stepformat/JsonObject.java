package dev.steptrail.stepformat;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object whose values are all in the form of {@link JsonValues}, in their order. Unmodifiable, so whoever is handed
 * one need not copy it again.
 */
abstract sealed class JsonObject extends AbstractMap<String, Object> {
    static final JsonObject EMPTY = new Few(new Object[0]);

    private JsonObject() {}

    /** Gathers fields. Of a name that comes twice the last value counts, at the place of the first. */
    static final class Builder {
        /** Up to so many names it is quicker to look at all than to find one by its hash. */
        private static final int FEW = 16;

        private @Nullable Object[] fields = new Object[4];
        private int length;
        private @Nullable Map<String, @Nullable Object> many;

        void put(String name, @Nullable Object value) {
            if (many != null) {
                many.put(name, value);
                return;
            }
            int at = Few.indexOf(name, fields, length);
            if (at >= 0) {
                fields[at + 1] = value;
            } else if (length == 2 * FEW) {
                many = new LinkedHashMap<>(new Few(fields));
                many.put(name, value);
            } else {
                if (length == fields.length) {
                    fields = Arrays.copyOf(fields, 2 * length);
                }
                fields[length++] = name;
                fields[length++] = value;
            }
        }

        /** The object, once: nothing is put here after that. */
        JsonObject build() {
            if (many != null) {
                return new Many(many);
            }
            if (length == 0) {
                return EMPTY;
            }
            return new Few(length == fields.length ? fields : Arrays.copyOf(fields, length));
        }
    }

    /** Names and values in turns: most objects are small, and hostile JSON has millions of them. */
    private static final class Few extends JsonObject {
        private final @Nullable Object[] fields;

        private Few(@Nullable Object[] fields) {
            this.fields = fields;
        }

        private static int indexOf(@Nullable Object name, @Nullable Object[] fields, int length) {
            for (int i = 0; i < length; i += 2) {
                if (Objects.equals(fields[i], name)) {
                    return i;
                }
            }
            return -1;
        }

        @Override
        public @Nullable Object get(@Nullable Object name) {
            int at = indexOf(name, fields, fields.length);
            return at < 0 ? null : fields[at + 1];
        }

        @Override
        public boolean containsKey(@Nullable Object name) {
            return indexOf(name, fields, fields.length) >= 0;
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
            Map.Entry<String, Object> entry =
                    new AbstractMap.SimpleImmutableEntry<>((String) fields[next], fields[next + 1]);
            next += 2;
            return entry;
        }
    }

    private static final class Many extends JsonObject {
        private final Map<String, Object> fields;

        private Many(Map<String, @Nullable Object> fields) {
            this.fields = Collections.unmodifiableMap(fields);
        }

        @Override
        public @Nullable Object get(@Nullable Object name) {
            return fields.get(name);
        }

        @Override
        public boolean containsKey(@Nullable Object name) {
            return fields.containsKey(name);
        }

        @Override
        public Set<Entry<String, Object>> entrySet() {
            return fields.entrySet();
        }
    }
}
