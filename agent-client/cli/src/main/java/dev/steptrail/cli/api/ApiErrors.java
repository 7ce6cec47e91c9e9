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
                        ? "STEPTRAIL_API: " + address + " does not answer in time: try again in a moment"
                        : "STEPTRAIL_API: " + address + " cannot be reached: see whether it runs there, and whether the"
                                + " address is right",
                cause);
    }

    /**
     * @param path the route: admin routes return 404 to non-admins
     * @param answer the body; null if it was not a JSON object
     */
    IOException refused(String path, int status, @Nullable JsonNode answer) {
        boolean forAdmins = path.startsWith(ADMIN);
        if (status == 401) {
            return new IOException("STEPTRAIL_TOKEN is not accepted: it may have expired; " + newToken(forAdmins));
        }
        String type = answer == null ? "" : answer.path("type").asText();
        if (forAdmins && type.equals(PROBLEM + "not-found")) {
            return new IOException("STEPTRAIL_TOKEN is not an admin's; " + newToken(true));
        }
        if (answer != null && type.startsWith(PROBLEM)) {
            return new ApiProblem(answer.path("detail").asText());
        }
        return new IOException("STEPTRAIL_API: " + address + " answers " + status
                + (status >= 500 || status == 429
                        ? ": try again in a moment"
                        : ", as Steptrail's API would not: correct the address"));
    }

    private static String newToken(boolean ofAdmin) {
        return (ofAdmin ? "get one of an admin" : "get a new one")
                + " (with the local cloud: infra/local-cloud/up --token USER" + (ofAdmin ? " --admin)" : ")");
    }
}
