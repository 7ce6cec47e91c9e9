package dev.steptrail.api;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A route of the API.
 *
 * @param access who may use the route; {@link Router} checks it before it calls the handler
 * @param parameters the allowed query parameters
 * @param names what the path names
 * @param action the action that the audit log records for a read of the task; null if the read is not recorded
 */
record Route(
        Access access,
        Set<String> parameters,
        Names names,
        @Nullable String action,
        Handler handler) {
    /** Who may use a route. */
    enum Access {
        /** Everyone. The query is not checked, because only the script of the viewer's page reads it. */
        VIEWER(false),
        /** Everyone. */
        PUBLIC(false),
        /** Readers with a share link to the task, who need no account. */
        SHARE_LINK(false),
        /** Signed-in callers. If the path names a task or a step, only the task's owner and admins. */
        USER(true),
        /** Admins. Other callers get 404. */
        ADMIN(true);

        final boolean needsToken;

        Access(boolean needsToken) {
            this.needsToken = needsToken;
        }
    }

    /** What the path of a route names. A route for share links names a task or a step. */
    enum Names {
        /** Something else or nothing. The handler of a route for users checks the caller's access to it. */
        OTHER,
        /** The task {@code task_id}. */
        TASK,
        /** The step {@code step_id}, which may not exist. */
        STEP
    }

    interface Handler {
        Response handle(Request request);
    }

    /** Creates a route of which no reads are recorded. */
    Route(Access access, Set<String> parameters, Names names, Handler handler) {
        this(access, parameters, names, null, handler);
    }
}
