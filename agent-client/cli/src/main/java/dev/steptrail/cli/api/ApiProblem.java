package dev.steptrail.cli.api;

import java.io.IOException;

/** Thrown if the API rejects a request with a reason. Other requests may succeed. */
public final class ApiProblem extends IOException {
    private final boolean notFound;

    ApiProblem(String detail, boolean notFound) {
        super(detail);
        this.notFound = notFound;
    }

    /** Returns whether the task or step does not exist, or belongs to another owner. */
    public boolean isNotFound() {
        return notFound;
    }
}
