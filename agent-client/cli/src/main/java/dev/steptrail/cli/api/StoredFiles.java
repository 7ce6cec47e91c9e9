package dev.steptrail.cli.api;

import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.net.URI;

/**
 * Reads files of the bucket by presigned URLs from the API. Such a URL is a credential, so no message contains it. The
 * token is not sent to it.
 */
final class StoredFiles {
    private final Http http;
    private final URI api;

    StoredFiles(Http http, URI api) {
        this.http = http;
        this.api = api;
    }

    /** @param url absolute, or relative to the API */
    InputStream open(String url) throws IOException {
        URI address = address(url);
        Http.Response response;
        try {
            response = http.send("GET", address, null, null);
        } catch (SocketTimeoutException e) {
            throw new IOException("the file store did not respond in time; try again", e);
        } catch (IOException e) {
            throw new IOException("the file store to which the API redirects cannot be reached from this machine", e);
        }
        if (response.status() == 200) {
            return response.body();
        }
        response.body().close();
        throw new IOException(
                response.status() == 404
                        ? "the file is no longer stored"
                        : "the file store responded with status " + response.status() + "; try again");
    }

    private URI address(String url) throws IOException {
        try {
            URI address = api.resolve(url);
            boolean asSecure = Http.isSecure(address) || !Http.isSecure(api);
            if (!url.isEmpty() && Http.isUsable(address) && asSecure) {
                return address;
            }
        } catch (IllegalArgumentException quotesTheUrl) {
            // As below.
        }
        throw new IOException("the API redirects to an invalid file URL; check STEPTRAIL_API");
    }
}
