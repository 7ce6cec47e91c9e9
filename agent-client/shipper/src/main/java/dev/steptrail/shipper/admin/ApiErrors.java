package dev.steptrail.shipper.admin;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpTimeoutException;
import org.jspecify.annotations.Nullable;

/** Every line that is told of an API that does not do what it was asked. */
final class ApiErrors {
    private static final String PROBLEM = "urn:steptrail:problem:";
    private static final String NEW_TOKEN =
            "get one of an admin (with the local cloud: infra/local-cloud/up --token USER --admin)";

    private final String address;

    ApiErrors(String address) {
        this.address = address;
    }

    IOException unreachable(IOException cause) {
        return new IOException(
                cause instanceof HttpTimeoutException
                        ? "STEPTRAIL_API: " + address + " does not answer in time: try again in a moment"
                        : "STEPTRAIL_API: " + address + " cannot be reached: see whether it runs there, and whether the"
                                + " address is right",
                cause);
    }

    /** @param answer its JSON; null where it was none */
    IOException refused(int status, @Nullable JsonNode answer) {
        if (status == 401) {
            return new IOException("STEPTRAIL_TOKEN is not accepted: it may have expired; " + NEW_TOKEN);
        }
        String type = answer == null ? "" : answer.path("type").asText();
        if (type.equals(PROBLEM + "not-found")) {
            return new IOException("STEPTRAIL_TOKEN is not an admin's; " + NEW_TOKEN);
        }
        if (answer != null && type.startsWith(PROBLEM)) {
            return new ApiProblem(answer.path("detail").asText());
        }
        return new IOException("STEPTRAIL_API: " + address + " answers " + status
                + (status >= 500 ? ": try again in a moment" : ", as Steptrail's API would not: correct the address"));
    }
}
