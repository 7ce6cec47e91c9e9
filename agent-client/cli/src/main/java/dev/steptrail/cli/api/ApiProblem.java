package dev.steptrail.cli.api;

import java.io.IOException;

/** Thrown if the API rejects a request with a reason. Other requests may succeed. */
public final class ApiProblem extends IOException {
    private final String name;

    /** @param name of the problem, the last part of its type */
    ApiProblem(String name, String detail) {
        super(detail);
        this.name = name;
    }

    /** Returns whether the problem has this name, such as {@code no-such-experiment}. */
    public boolean is(String problem) {
        return name.equals(problem);
    }

    /** Returns whether the task or step does not exist, or belongs to another owner. */
    public boolean isNotFound() {
        return is("not-found");
    }
}
