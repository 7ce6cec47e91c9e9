package dev.steptrail.cli.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.SocketTimeoutException;
import org.jspecify.annotations.Nullable;

/** Creates error messages for an API that cannot be reached or rejects a request. */
record ApiErrors(String address, @Nullable TokenSource tokens) {
    private static final String PROBLEM = "urn:steptrail:problem:";
    private static final String NOT_FOUND = PROBLEM + "not-found";
    private static final String ADMIN = "/api/admin/";

    IOException unreachable(IOException cause) {
        return new IOException(
                cause instanceof SocketTimeoutException
                        ? "STEPTRAIL_API: " + address + " did not respond in time; try again"
                        : "STEPTRAIL_API: " + address + " cannot be reached; check that the address is correct and that"
                                + " the API is running",
                cause);
    }

    /**
     * @param path the requested path; admin routes respond with not-found if the token is not an admin's
     * @param response the body; null if it was not a JSON object
     */
    IOException rejected(String path, int status, @Nullable JsonNode response) {
        boolean isAdminRoute = path.startsWith(ADMIN);
        if (status == 401 && tokens != null) {
            return new IOException(
                    tokens.name() + " was rejected and may have expired; " + tokens.remedy(isAdminRoute));
        }
        String type = response == null ? "" : response.path("type").asText();
        if (isAdminRoute && tokens != null && type.equals(NOT_FOUND)) {
            return new IOException(tokens.name() + " does not belong to an admin; " + tokens.remedy(true));
        }
        if (response != null && type.startsWith(PROBLEM)) {
            return new ApiProblem(
                    type.substring(PROBLEM.length()), response.path("detail").asText());
        }
        if (status == 400 || status == 413 || status == 414 || status == 431) { // of a gateway or a proxy
            return new IOException(address + " rejected the request with status " + status
                    + "; check the arguments of the command, which may be too long or contain control characters");
        }
        return new IOException("STEPTRAIL_API: " + address + " responded with status " + status
                + (status >= 500 || status == 429
                        ? "; try again"
                        : ", which is not a response of Steptrail's API; check the address"));
    }
}
