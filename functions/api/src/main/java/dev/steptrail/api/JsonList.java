package dev.steptrail.api;

import dev.steptrail.store.Page;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A list in pages: {@code {"tasks":[…],"next_cursor":…}}, null at the end. Ends early rather than grow over 4 MB. */
final class JsonList {
    /** Lambda answers with 6 MB at most, in which a body's own quotes are escaped once more. */
    static final int MAX_BYTES = 4 * 1024 * 1024;

    private JsonList() {}

    /**
     * @param name what the list is called
     * @param elements the elements that an item of the page becomes, each as JSON; an item is never parted
     * @param cursor where the next page begins if it comes after this item
     * @param more further fields of the answer, or null
     */
    static <T> String of(
            String name,
            Page<T> page,
            Function<T, List<byte[]>> elements,
            Function<T, String> cursor,
            Json.@Nullable Value more) {
        ByteArrayOutputStream list = new ByteArrayOutputStream();
        String next = null;
        T last = null;
        for (T item : page.items()) {
            List<byte[]> written = elements.apply(item);
            int size = written.stream().mapToInt(element -> element.length + 1).sum();
            if (last != null && list.size() + size > MAX_BYTES) {
                next = cursor.apply(last);
                break;
            }
            for (byte[] element : written) {
                if (list.size() > 0) {
                    list.write(',');
                }
                list.writeBytes(element);
            }
            last = item;
        }
        if (next == null && last != null && page.hasMore()) {
            next = cursor.apply(last);
        }
        return whole(name, list.toString(StandardCharsets.UTF_8), next, more);
    }

    private static String whole(String name, String list, @Nullable String next, Json.@Nullable Value more) {
        return Json.text(json -> {
            json.writeStartObject();
            json.writeFieldName(name);
            json.writeRawValue("[" + list + "]");
            if (more != null) {
                more.write(json);
            }
            Json.text(json, "next_cursor", next);
            json.writeEndObject();
        });
    }
}
