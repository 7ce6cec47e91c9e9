package dev.steptrail.cli.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A path of the API with query parameters. Reads the list that most routes return, page by page. */
public final class ApiQuery {
    /** The maximum page size of the API. */
    private static final int PAGE_SIZE = 1000;

    private final String path;
    private final String name;
    private final Map<String, List<String>> parameters = new TreeMap<>();
    private @Nullable Integer limit;
    private boolean started;
    private int itemsRead;
    private @Nullable String nextCursor;

    /** @param name the field of the response that contains the list, if the route returns one */
    public ApiQuery(String path, String name) {
        this.path = path;
        this.name = name;
    }

    /** A page of the list. {@code nextCursor} is null at the end of the list. */
    public record Page(List<JsonNode> items, @Nullable String nextCursor) {}

    public String name() {
        return name;
    }

    public @Nullable Integer limit() {
        return limit;
    }

    /** Sets a query parameter; null removes it. */
    public ApiQuery withParameter(String parameter, @Nullable Object value) {
        return withParameters(parameter, value == null ? List.of() : List.of(value.toString()));
    }

    /** Sets a query parameter that may be repeated; an empty list removes it. */
    public ApiQuery withParameters(String parameter, List<String> values) {
        parameters.put(parameter, values);
        return this;
    }

    /** Limits the number of items. By default there is no limit, and requests have no {@code limit} parameter. */
    public ApiQuery limit(int items) {
        limit = items;
        return this;
    }

    /** Returns whether there is another page within the limit. An empty list has one page. */
    public boolean hasNext() {
        return !started || (hasMore() && (limit == null || itemsRead < limit));
    }

    /** Returns whether the list has more items than were read. */
    public boolean hasMore() {
        return nextCursor != null;
    }

    public List<JsonNode> readNext(Api api) throws IOException {
        withParameter("limit", limit == null ? null : Math.min(PAGE_SIZE, limit - itemsRead));
        Page page = readPage(api, nextCursor);
        started = true;
        itemsRead += page.items().size();
        nextCursor = page.nextCursor();
        return page.items();
    }

    /** Reads the remaining pages. */
    public List<JsonNode> readAll(Api api) throws IOException {
        List<JsonNode> items = new ArrayList<>();
        while (hasNext()) {
            items.addAll(readNext(api));
        }
        return items;
    }

    /** Reads the page at {@code cursor}; the first page if it is null. */
    public Page readPage(Api api, @Nullable String cursor) throws IOException {
        JsonNode response = api.send("GET", withParameter("cursor", cursor).pathAndQuery(), null);
        return new Page(
                response.path(name).valueStream().toList(),
                response.path("next_cursor").textValue());
    }

    /** Returns the parameters as a JSON object. The value of a repeated parameter is an array. */
    public ObjectNode toJson() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        parameters.forEach((parameter, values) -> {
            if (values.size() == 1) {
                json.put(parameter, values.get(0));
            } else {
                values.forEach(value -> json.withArray(parameter).add(value));
            }
        });
        return json;
    }

    public String pathAndQuery() {
        String query = parameters.entrySet().stream()
                .flatMap(parameter -> parameter.getValue().stream()
                        .map(value -> Api.encode(parameter.getKey()) + "=" + Api.encode(value)))
                .collect(Collectors.joining("&"));
        return query.isEmpty() ? path : path + "?" + query;
    }
}
