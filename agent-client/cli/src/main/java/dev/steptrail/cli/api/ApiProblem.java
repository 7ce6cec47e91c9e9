package dev.steptrail.cli.api;

import java.io.IOException;

/** Thrown if the API rejects a request with a reason. Other requests may succeed. */
public final class ApiProblem extends IOException {
    ApiProblem(String detail) {
        super(detail);
    }
}
