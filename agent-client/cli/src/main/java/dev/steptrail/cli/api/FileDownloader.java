package dev.steptrail.cli.api;

import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.net.URI;

/**
 * Downloads files from presigned URLs. No message contains a URL, because it is a credential. The token is not sent.
 */
final class FileDownloader {
    private final HttpTransport http;
    private final URI api;

    FileDownloader(HttpTransport http, URI api) {
        this.http = http;
        this.api = api;
    }

    /** @param url absolute, or relative to the API */
    InputStream open(String url) throws IOException {
        URI address = resolve(url);
        HttpTransport.Response response;
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

    private URI resolve(String url) throws IOException {
        try {
            URI address = api.resolve(url);
            boolean isAsSecureAsApi = HttpTransport.isSecure(address) || !HttpTransport.isSecure(api);
            if (!url.isEmpty() && HttpTransport.isSupported(address) && isAsSecureAsApi) {
                return address;
            }
        } catch (IllegalArgumentException e) {
            // Not rethrown, because its message contains the URL.
        }
        throw new IOException("the API redirects to an invalid file URL; check STEPTRAIL_API");
    }
}
