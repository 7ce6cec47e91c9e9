package dev.steptrail.api;

import java.util.Map;
import java.util.function.Supplier;

/**
 * What goes back to the caller.
 *
 * @param text writes the body out, which may take a while; what it tells has all been read
 * @param base64 whether the body is that, and bytes go back
 */
record Response(int status, Map<String, String> headers, Supplier<String> text, boolean base64) {
    Response(int status, Map<String, String> headers, String body) {
        this(status, headers, () -> body, false);
    }

    static Response json(String body) {
        return json(() -> body);
    }

    static Response json(Supplier<String> text) {
        return new Response(200, Map.of("content-type", "application/json"), text, false);
    }

    /** Of what nobody on the way may keep, such as URLs that open without a token. */
    static Response unstoredJson(String body) {
        return unstoredJson(() -> body);
    }

    static Response unstoredJson(Supplier<String> text) {
        return new Response(200, Map.of("content-type", "application/json", "cache-control", "no-store"), text, false);
    }

    /** The same, its body written out. */
    Response written() {
        String body = text.get();
        return new Response(status, headers, () -> body, base64);
    }

    String body() {
        return text.get();
    }

    /** Of what was made, and is told only now. */
    static Response created(String body) {
        return new Response(201, Map.of("content-type", "application/json", "cache-control", "no-store"), body);
    }

    /** What a browser stores as a file of this name. */
    static Response file(String type, String name, String body) {
        return new Response(
                200,
                Map.of("content-type", type, "content-disposition", "attachment; filename=\"" + name + "\""),
                body);
    }

    /** That it is done, and there is nothing to tell. */
    static Response nothing() {
        return new Response(204, Map.of("cache-control", "no-store"), "");
    }

    static Response redirect(String location) {
        return new Response(302, Map.of("location", location, "cache-control", "no-store"), "");
    }
}
