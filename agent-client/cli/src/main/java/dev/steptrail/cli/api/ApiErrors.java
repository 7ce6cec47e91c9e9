package dev.steptrail.cli.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.SocketTimeoutException;
import org.jspecify.annotations.Nullable;

/** Creates error messages for an API that cannot be reached or rejects a request. */
final class ApiErrors {
    private static final String PROBLEM = "urn:steptrail:problem:";
    private static final String ADMIN = "/api/admin/";

    private final String address;

    ApiErrors(String address) {
        this.address = address;
    }

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
        if (status == 401) {
            return new IOException("STEPTRAIL_TOKEN was rejected and may have expired; " + howToGetToken(isAdminRoute));
        }
        String type = response == null ? "" : response.path("type").asText();
        if (isAdminRoute && type.equals(PROBLEM + "not-found")) {
            return new IOException("STEPTRAIL_TOKEN does not belong to an admin; " + howToGetToken(true));
        }
        if (response != null && type.startsWith(PROBLEM)) {
            return new ApiProblem(response.path("detail").asText());
        }
        return new IOException("STEPTRAIL_API: " + address + " responded with status " + status
                + (status >= 500 || status == 429
                        ? "; try again"
                        : ", which is not a response of Steptrail's API; check the address"));
    }

    private static String howToGetToken(boolean isAdmin) {
        return (isAdmin ? "get an admin's token" : "get a new one")
                + " (with the local cloud: infra/local-cloud/up --token USER" + (isAdmin ? " --admin)" : ")");
    }
}
