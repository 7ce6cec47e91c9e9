package dev.steptrail.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.steptrail.cli.api.Api;
import dev.steptrail.cli.api.ApiProblem;
import dev.steptrail.cli.api.ApiQuery;
import dev.steptrail.cli.api.AtomicFileWriter;
import dev.steptrail.cli.api.EnvironmentToken;
import dev.steptrail.cli.api.TokenSource;
import dev.steptrail.cli.login.LoginStore;
import dev.steptrail.cli.login.LoginToken;
import dev.steptrail.cli.terminal.Suggestion;
import dev.steptrail.cli.terminal.Terminal;
import dev.steptrail.cli.terminal.TextFormat;
import dev.steptrail.stepformat.WhiteSpace;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;

/** A command that calls the API. If it has subcommands, each of them is a method of the class. */
public abstract class ApiCommand extends SteptrailCommand {
    public static final String VARIABLES = "  STEPTRAIL_API        URL of the API, such as https://host"
            + "%n  STEPTRAIL_TOKEN      access token for the API (default: the token of steptrail login)";

    public static final String ENVIRONMENT = "%nEnvironment:%n" + VARIABLES;

    public static final String NO_WAIT =
            "Print the id of each job, for steptrail jobs show, without waiting for its result.";

    private static final Pattern UNSAFE_SEGMENT = Pattern.compile("\\.{1,2}|.*[/\\\\%].*");

    /** Matches also unpaired surrogates, which UTF-8 cannot encode. */
    private static final Pattern CONTROL = Pattern.compile("[\\p{Cc}\\p{Cs}]");

    private static final int MAX_PRINTED_WIDTH = 60;

    /** Processes one id. */
    protected interface IdOperation<T> {
        T run(Api api, String id) throws IOException;
    }

    @Option(names = "--json", scope = ScopeType.INHERIT, description = "Print JSON.")
    private boolean json;

    /** Runs if no subcommand is given. */
    @Override
    public Integer call() throws IOException {
        throw usageError("missing command (expected one of "
                + String.join(", ", spec().subcommands().keySet()) + ")");
    }

    public final Api api() throws IOException {
        return connect(environment());
    }

    /** Creates a client that sends the token of {@link #tokens}. */
    public static Api connect(Map<String, String> environment) throws IOException {
        String address = Api.address(environment);
        return Api.of(address, tokens(environment, address));
    }

    /** Returns the token in {@code STEPTRAIL_TOKEN}, or the token of the login if the variable is not set. */
    public static TokenSource tokens(Map<String, String> environment, String address) throws IOException {
        if (EnvironmentToken.isSet(environment)) {
            return new EnvironmentToken(environment);
        }
        LoginStore store = new LoginStore(environment, address);
        if (!store.exists()) {
            throw new IOException("not signed in to " + address + "; run steptrail login, or set STEPTRAIL_TOKEN (with"
                    + " the local cloud: set -a; . .steptrail/local.env)");
        }
        return new LoginToken(address, store);
    }

    /** Returns whether {@code STEPTRAIL_API} is set and there is a token for it. */
    public static boolean isConfigured(Map<String, String> environment) throws IOException {
        return !environment.getOrDefault("STEPTRAIL_API", "").isBlank()
                && (EnvironmentToken.isSet(environment)
                        || new LoginStore(environment, Api.address(environment)).exists());
    }

    /**
     * Runs the operation for each id. It prints the result, and returns whether it succeeded. If the API rejects an id,
     * the others are still processed.
     *
     * @return the exit code
     */
    protected final int forEachId(List<String> ids, IdOperation<Boolean> operation) throws IOException {
        Api api = api();
        boolean succeeded = true;
        for (String id : ids) {
            try {
                succeeded &= operation.run(api, id);
            } catch (ApiProblem problem) {
                succeeded = false;
                printError(id + ": " + problem.getMessage());
            }
        }
        return succeeded ? 0 : 1;
    }

    /**
     * Requests a job for each id, then waits for each job and prints its result or error.
     *
     * @param noWait prints the ids of the jobs instead
     * @param printer prints the result of a job, and returns whether it is a success
     * @return the exit code
     */
    protected final int runJobs(
            List<String> ids, boolean noWait, IdOperation<JsonNode> request, BiPredicate<String, JsonNode> printer)
            throws IOException {
        Map<String, JsonNode> jobs = new LinkedHashMap<>();
        int exitCode = forEachId(ids, (api, id) -> {
            jobs.put(id, request.run(api, id));
            return true;
        });
        if (noWait) {
            jobs.forEach((id, job) ->
                    print(job, id + "  requested, job " + job.path("job_id").asText()));
            return exitCode;
        }
        AtomicInteger waited = new AtomicInteger();
        int jobsExitCode = forEachId(List.copyOf(jobs.keySet()), (api, id) -> {
            Terminal.showLine("waiting for job %d of %d".formatted(waited.incrementAndGet(), jobs.size()), err());
            JsonNode job = api.awaitJob(Objects.requireNonNull(jobs.get(id)));
            Terminal.showLine("", err());
            if (job.path("state").asText().equals("failed")) {
                printError(id + ": " + job.path("error").asText());
                return false;
            }
            return printer.test(id, job.path("result"));
        });
        return Math.max(exitCode, jobsExitCode);
    }

    /**
     * Prints a list page by page.
     *
     * @param lines formats a page as text
     * @return the exit code
     */
    protected final int printList(ApiQuery list, Function<List<JsonNode>, List<String>> lines) throws IOException {
        requireAtLeast(1, "--limit", list.limit());
        Api api = api();
        if (json) {
            printListAsJson(list, api);
            return 0;
        }
        while (list.hasNext()) {
            lines.apply(list.readNext(api)).forEach(this::println);
            checkPrinted();
        }
        if (list.hasMore()) {
            println("(the first " + list.limit() + "; use --limit for more)");
        }
        checkPrinted();
        return 0;
    }

    /**
     * Streams a list as one JSON object such as {@code {"tasks":[…]}}, with one element per line. Incomplete output is
     * not valid JSON.
     */
    private void printListAsJson(ApiQuery list, Api api) throws IOException {
        String begin = "{\"" + list.name() + "\":[";
        String pending = "";
        while (list.hasNext()) {
            for (JsonNode element : list.readNext(api)) {
                print(pending.isEmpty() ? begin : pending + ",");
                pending = element.toString();
            }
            checkPrinted();
        }
        print(pending.isEmpty() ? begin + "]}" : pending + System.lineSeparator() + "]}");
        checkPrinted();
    }

    /** Throws if the output cannot be written, so that the command stops. */
    protected final void checkPrinted() throws IOException {
        if (out().checkError()) {
            throw new IOException("failed to write to standard output: the pipe is closed or the disk is full");
        }
    }

    /**
     * Checks that a value is one of those allowed.
     *
     * @param value is valid if it is null
     * @param choices the allowed values, separated by commas
     * @throws ParameterException if the value is another one
     */
    public final void requireOneOf(String option, @Nullable String value, String choices) {
        List<String> allowed = List.of(choices.split(", "));
        if (value != null && !allowed.contains(value)) {
            throw usageError(option + " must be one of " + choices + ", but is '" + value + "'"
                    + Suggestion.suffixFor(value, allowed));
        }
    }

    /**
     * Returns a text as a segment of a path.
     *
     * @throws ParameterException if {@link #requireText} fails, or it is {@code .} or {@code ..}, or contains
     *     {@code /}, {@code \} or {@code %}: the request could reach another route. Also if it has white space at
     *     either end
     */
    protected final String segment(String name, String text, int max) {
        requireText("a " + name, text, max);
        if (UNSAFE_SEGMENT.matcher(text).matches()) {
            throw usageError("a " + name + " must not be . or .., or contain / or \\ or %, but is '" + text + "'");
        }
        if (WhiteSpace.isAtEnd(text)) {
            throw usageError("a " + name + " " + WhiteSpace.RULE + ", but is '" + text + "'");
        }
        return Api.encode(text);
    }

    /**
     * Checks what the API requires of names and filters, before the request: a gateway rejects some long texts with a
     * response that does not name them.
     *
     * @param name describes the text, such as {@code --tag}
     * @param text is valid if it is null
     * @param max the maximum number of characters
     * @throws ParameterException if the text is empty, too long or contains a control character
     */
    public final void requireText(String name, @Nullable String text, int max) {
        if (text != null
                && (text.isEmpty()
                        || text.codePointCount(0, text.length()) > max
                        || CONTROL.matcher(text).find())) {
            throw usageError(name + " must be 1 to " + max + " characters, without control characters, but is '"
                    + Terminal.truncate(text, MAX_PRINTED_WIDTH) + "'");
        }
    }

    /** Downloads a file from the API and prints its path. */
    protected final void save(String path, Path target) throws IOException {
        AtomicFileWriter file = new AtomicFileWriter(target);
        long length;
        try (InputStream content = openFile(path)) {
            length = file.write(content, null);
        }
        print(
                object().put("file", target.toString()).put("bytes", length),
                "saved " + target + " (" + TextFormat.count(length, "byte") + ")");
    }

    /** Opens a file from the API. Waits until the API has created it. */
    protected final InputStream openFile(String path) throws IOException {
        return api().openFile(path, () -> printError("waiting for the API to create the file"));
    }

    public final boolean json() {
        return json;
    }

    /** Prints an object: as JSON with {@code --json}, otherwise one field per line. */
    protected final void printFields(JsonNode object) {
        if (json) {
            print(object.toPrettyString());
            return;
        }
        object.properties().forEach(field -> {
            JsonNode value = field.getValue();
            boolean isTime = field.getKey().endsWith("_at");
            String text = isTime ? TextFormat.time(value, zone()) : TextFormat.text(value);
            println("%-13s %s".formatted(field.getKey(), text));
        });
    }

    /** Prints a result: as JSON with {@code --json}, otherwise as a line of text. */
    public final void print(JsonNode result, String text) {
        if (json) {
            print(result);
        } else {
            println(text);
        }
    }
}
