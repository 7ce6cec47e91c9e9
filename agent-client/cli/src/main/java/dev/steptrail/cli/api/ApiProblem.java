package dev.steptrail.cli.api;

import java.io.IOException;

/** The API cannot do what it was asked, and says why; another request may go well. */
public final class ApiProblem extends IOException {
    ApiProblem(String detail) {
        super(detail);
    }
}
