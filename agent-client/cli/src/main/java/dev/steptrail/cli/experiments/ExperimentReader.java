package dev.steptrail.cli.experiments;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.steptrail.cli.api.Api;
import dev.steptrail.cli.api.ApiProblem;
import dev.steptrail.cli.api.ApiQuery;
import dev.steptrail.cli.command.ApiCommand;
import dev.steptrail.stepformat.ExperimentCase;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Reads the results of an experiment with all of its cases. */
final class ExperimentReader {
    /** What to do about cases for which {@link #onlyIn} returns a name. */
    static final String ONLY_IN_ONE =
            "Cases that are only in one experiment are not compared: run them in the other one, too";

    private static final int PAGE_SIZE = 1000;

    private ExperimentReader() {}

    /**
     * Checks the name of an experiment before a request.
     *
     * @param option the option or parameter with the name, which is valid if it is null
     */
    static void requireName(ApiCommand command, String option, @Nullable String name) {
        command.requireText(option, name, ExperimentCase.MAX_LENGTH);
        if (name != null && !ExperimentCase.isName(name)) {
            throw command.usageError(option + " " + ExperimentCase.NAME_RULE + ", but is '" + name + "'");
        }
    }

    /**
     * Returns the response of the API with the cases of all pages, without {@code next_cursor}.
     *
     * @param owner null for the caller
     * @param baseline null for no comparison
     */
    static ObjectNode read(Api api, String name, @Nullable String owner, @Nullable String baseline) throws IOException {
        // Some HTTP servers reject an encoded slash in a path.
        String path = Api.encode(name).replace("%2F", "/");
        ApiQuery query = new ApiQuery("/api/experiments/" + path, "cases")
                .withParameter("owner", owner)
                .withParameter("baseline", baseline)
                .withParameter("limit", PAGE_SIZE);
        ObjectNode experiment = readFirst(api, query, owner);
        ArrayNode cases = experiment.withArrayProperty("cases");
        JsonNode cursor = experiment.remove("next_cursor");
        while (cursor != null && cursor.isTextual()) {
            JsonNode page = api.send(
                    "GET", query.withParameter("cursor", cursor.asText()).pathAndQuery(), null);
            page.path("cases").forEach(cases::add);
            cursor = page.path("next_cursor");
        }
        return experiment;
    }

    private static ObjectNode readFirst(Api api, ApiQuery query, @Nullable String owner) throws IOException {
        try {
            return (ObjectNode) api.send("GET", query.pathAndQuery(), null);
        } catch (ApiProblem problem) {
            if (owner != null || !problem.is("no-such-experiment")) {
                throw problem;
            }
            throw new IOException(problem.getMessage() + " Admins read those of another owner with --owner.", problem);
        }
    }

    /** Returns the name of the only experiment that contains the case; null if both do, or there is no baseline. */
    static @Nullable String onlyIn(JsonNode experiment, JsonNode row) {
        if (!row.path("baseline").isObject()) {
            return null;
        }
        if (row.at("/baseline/tasks").asInt() == 0) {
            return experiment.path("name").asText();
        }
        return row.at("/results/tasks").asInt() == 0
                ? experiment.path("baseline").path("name").asText()
                : null;
    }

    /** Returns the id of a case, or a text for tasks without a case id. */
    static String caseName(JsonNode row) {
        return row.path("case_id").asText("(no case id)");
    }
}
