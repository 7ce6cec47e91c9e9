package dev.steptrail.cli.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A route of the API with query parameters; most routes return a list, page by page. */
public final class Listing {
    /** The limit of the API. */
    private static final int PAGE_SIZE = 1000;

    private final String path;
    private final String name;
    private final Map<String, String> parameters = new TreeMap<>();
    private @Nullable Integer limit;
    private boolean started;
    private int read;
    private @Nullable String next;

    /** @param name the field of the response that contains the list */
    public Listing(String path, String name) {
        this.path = path;
        this.name = name;
    }

    /**
     * A page of the list.
     *
     * @param next the cursor of the next page; null at the list's end
     */
    public record Page(List<JsonNode> items, @Nullable String next) {}

    public String name() {
        return name;
    }

    public @Nullable Integer limit() {
        return limit;
    }

    /** Sets a query parameter; null has no effect. */
    public Listing with(String parameter, @Nullable Object value) {
        if (value == null) {
            parameters.remove(parameter);
        } else {
            parameters.put(parameter, value.toString());
        }
        return this;
    }

    /** Limits the number of items. By default there is no limit, and requests have no {@code limit} parameter. */
    public Listing limit(int items) {
        limit = items;
        return this;
    }

    /** Whether there is another page within the limit. An empty list has one page. */
    public boolean hasNext() {
        return !started || (hasMore() && (limit == null || read < limit));
    }

    /** Whether the list has more items than were read. */
    public boolean hasMore() {
        return next != null;
    }

    /** Reads the next page. */
    public List<JsonNode> next(Api api) throws IOException {
        with("limit", limit == null ? null : Math.min(PAGE_SIZE, limit - read));
        Page page = page(api, next);
        started = true;
        read += page.items().size();
        next = page.next();
        return page.items();
    }

    /** Reads the page at {@code cursor}; the first page if it is null. */
    public Page page(Api api, @Nullable String cursor) throws IOException {
        JsonNode response = api.send("GET", with("cursor", cursor).address(), null);
        return new Page(
                response.path(name).valueStream().toList(),
                response.path("next_cursor").textValue());
    }

    /** The path with the query. */
    public String address() {
        String query = parameters.entrySet().stream()
                .map(parameter -> parameter.getKey() + "=" + Api.encoded(parameter.getValue()))
                .collect(Collectors.joining("&"));
        return query.isEmpty() ? path : path + "?" + query;
    }
}
