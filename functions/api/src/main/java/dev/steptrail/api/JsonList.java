package dev.steptrail.api;

import dev.steptrail.store.Page;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A list in pages: {@code {"tasks":[…],"next_cursor":…}}, null at the end. Ends early rather than grow over what Lambda answers with. */
final class JsonList {
    /**
     * What the elements of a page take at most, escaped as they are in Lambda's answer, where the body is a JSON string itself
     * (6 MB at most: <a href="https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html">Lambda quotas</a>). An
     * item that is larger is a page of its own.
     */
    private static final int MAX_BYTES = 4_000_000;

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
        int total = 0;
        T last = null;
        for (T item : page.items()) {
            List<byte[]> written = elements.apply(item);
            int size = written.stream()
                    .mapToInt(element -> escapedLength(element) + 1)
                    .sum();
            if (last != null && total + size > MAX_BYTES) {
                next = cursor.apply(last);
                break;
            }
            for (byte[] element : written) {
                if (list.size() > 0) {
                    list.write(',');
                }
                list.writeBytes(element);
            }
            total += size;
            last = item;
        }
        if (next == null && last != null && page.hasMore()) {
            next = cursor.apply(last);
        }
        return whole(name, list.toString(StandardCharsets.UTF_8), next, more);
    }

    /** How long it is as a part of a JSON string. */
    private static int escapedLength(byte[] json) {
        int length = json.length;
        for (byte b : json) {
            if (b == '"' || b == '\\') {
                length++;
            } else if (b >= 0 && b < ' ') {
                length += 5;
            }
        }
        return length;
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
