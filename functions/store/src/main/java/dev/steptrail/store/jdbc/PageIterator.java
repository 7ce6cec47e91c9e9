package dev.steptrail.store.jdbc;

import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** Iterates over all items of a list, with one page in memory. Not thread-safe. */
public final class PageIterator<T> implements Iterator<T> {
    /** Reads the page after an item; the first page after null. */
    public interface Reader<T> {
        Page<T> read(@Nullable T after);
    }

    private final Reader<T> reader;
    private Page<T> page = new Page<>(List.of(), true);
    private int next;
    private @Nullable T last;

    /** Reads no page before {@link #hasNext} or {@link #next} is called. */
    public PageIterator(Reader<T> reader) {
        this.reader = reader;
    }

    @Override
    public boolean hasNext() {
        if (next == page.items().size() && page.hasMore()) {
            page = reader.read(last);
            next = 0;
        }
        return next < page.items().size();
    }

    @Override
    public T next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        T item = page.items().get(next++);
        last = item;
        return item;
    }
}
