package dev.steptrail.cli.api;

import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A list of the API, and what of it is asked for.
 *
 * @param name what the list is called in its answers
 * @param parameters query parameters by name
 * @param most where to stop before the end; null for the whole of a list that takes no {@code limit}
 */
public record Listing(
        String path,
        String name,
        Map<String, String> parameters,
        @Nullable Integer most) {
    /** As many as the API gives at a time. */
    private static final int PAGE = 1000;

    /** All of it, in pages as the API makes them. */
    public static Listing of(String path, String name) {
        return new Listing(path, name, Map.of(), null);
    }

    /** Narrowed by a parameter; as it was where that is null. */
    public Listing with(String parameter, @Nullable Object value) {
        if (value == null) {
            return this;
        }
        Map<String, String> more = new TreeMap<>(parameters);
        more.put(parameter, value.toString());
        return new Listing(path, name, Map.copyOf(more), most);
    }

    public Listing atMost(int items) {
        return new Listing(path, name, parameters, items);
    }

    /** Takes a part of a list. */
    public interface PageReader {
        void read(Page page) throws IOException;
    }

    /**
     * Reads it from its beginning, page by page; an empty one has one page.
     *
     * @return whether there is more of it than was asked for
     */
    public boolean read(Api api, PageReader reader) throws IOException {
        int read = 0;
        String cursor = null;
        do {
            Page page = page(api, cursor, read);
            reader.read(page);
            read += page.items().size();
            cursor = page.next();
        } while (cursor != null && (most == null || read < most));
        return cursor != null;
    }

    /** The page that begins at this cursor; the first where that is null. */
    public Page page(Api api, @Nullable String cursor) throws IOException {
        return page(api, cursor, 0);
    }

    private Page page(Api api, @Nullable String cursor, int before) throws IOException {
        return Page.of(api.send("GET", address(cursor, before), null), name);
    }

    private String address(@Nullable String cursor, int before) {
        return with("cursor", cursor)
                .with("limit", most == null ? null : Math.min(PAGE, most - before))
                .address();
    }

    /** Its path with its parameters. */
    public String address() {
        String query = new TreeMap<>(parameters)
                .entrySet().stream()
                        .map(parameter -> parameter.getKey() + "=" + Api.encoded(parameter.getValue()))
                        .collect(Collectors.joining("&"));
        return query.isEmpty() ? path : path + "?" + query;
    }
}
