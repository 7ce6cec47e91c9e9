package dev.steptrail.api;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.Instant;

/** A URL that opens without a token until it expires. */
record SignedUrl(String url, Instant expiresAt) {

    /** Its fields, within an object. */
    void write(JsonGenerator json) throws IOException {
        Json.text(json, "url", url);
        Json.time(json, "expires_at", expiresAt);
    }

    /** To it; or what it is, for a script in a browser, which must not read what a redirect to another origin gives. */
    Response response(boolean redirects) {
        return redirects
                ? Response.redirect(url)
                : Response.unstoredJson(Json.text(json -> {
                    json.writeStartObject();
                    write(json);
                    json.writeEndObject();
                }));
    }
}
