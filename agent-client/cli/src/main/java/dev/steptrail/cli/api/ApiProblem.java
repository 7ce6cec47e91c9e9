package dev.steptrail.cli.api;

import java.io.IOException;

/** The API rejected a request with a reason. Other requests may succeed. */
public final class ApiProblem extends IOException {
    ApiProblem(String detail) {
        super(detail);
    }
}
