package dev.steptrail.cli.api;

import java.io.IOException;

/** The API refused a request with a reason; other requests may succeed. */
public final class ApiProblem extends IOException {
    ApiProblem(String detail) {
        super(detail);
    }
}
