package dev.steptrail.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.steptrail.cli.api.Api;
import dev.steptrail.cli.api.ApiProblem;
import dev.steptrail.cli.api.AtomicFileWriter;
import dev.steptrail.cli.api.Listing;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** What the commands have in common that ask the API. Some are a name for several, which are their methods. */
@Command(footer = {"", "STEPTRAIL_API names the API, STEPTRAIL_TOKEN holds the token to call it with."})
abstract class ApiCommand extends SteptrailCommand {
    /** Something that is done to each of those that are named. */
    interface Deed {
        /** Does it, and tells what came of it; whether that is well. */
        boolean to(Api api, String id) throws IOException;
    }

    @Option(names = "--json", scope = ScopeType.INHERIT, description = "For programs: JSON.")
    private boolean json;

    /** Reached when none of them is named. */
    @Override
    public Integer call() throws IOException {
        throw wrong("name one of: " + String.join(", ", spec().subcommands().keySet()));
    }

    final Api api() throws IOException {
        return Api.from(environment());
    }

    /**
     * Does it to each by itself: that one is not there any more is no reason to leave the others.
     *
     * @return the exit code
     */
    final int each(List<String> ids, Deed deed) throws IOException {
        Api api = api();
        boolean allWell = true;
        for (String id : ids) {
            try {
                allWell &= deed.to(api, id);
            } catch (ApiProblem problem) {
                allWell = false;
                tellError(id + ": " + problem.getMessage());
            }
        }
        return allWell ? 0 : 1;
    }

    /** Prints a list as it comes. */
    final void show(Listing list, Table table) throws IOException {
        show(list, table::lines);
    }

    /**
     * The same in other words.
     *
     * @param lines of the next part of it, for people
     */
    final void show(Listing list, Function<List<JsonNode>, List<String>> lines) throws IOException {
        if (json) {
            JsonList all = new JsonList(list.name(), this::print);
            list.read(api(), page -> {
                all.add(page.items());
                checkPrinted();
            });
            all.end();
        } else {
            boolean more = list.read(api(), page -> {
                lines.apply(page.items()).forEach(this::tell);
                checkPrinted();
            });
            if (more) {
                tell("(the first " + list.most() + "; --limit shows more)");
            }
        }
        checkPrinted();
    }

    /** That nobody reads what is printed any more, or that its disk is full, is a reason to ask for no more of it. */
    final void checkPrinted() throws IOException {
        if (out().checkError()) {
            throw new IOException("not all could be printed: who reads it is gone, or the disk is full");
        }
    }

    final void checkLimit(int limit) {
        if (limit < 1) {
            throw wrong("--limit must be 1 or more");
        }
    }

    final void checkOneOf(String option, @Nullable String value, String... words) {
        if (value != null && !List.of(words).contains(value)) {
            throw wrong(option + " must be one of " + String.join(", ", words));
        }
    }

    /** Saves a file that the API gives, or makes first, and tells where. */
    final void save(String path, Path to) throws IOException {
        AtomicFileWriter file = AtomicFileWriter.at(to);
        long length;
        try (InputStream content = open(path)) {
            length = file.write(content);
        }
        if (json()) {
            print(JsonNodeFactory.instance
                    .objectNode()
                    .put("file", to.toString())
                    .put("bytes", length));
        } else {
            tell("saved " + to + " (" + length + " bytes)");
        }
    }

    /** A file that the API gives, or makes first. */
    final InputStream open(String path) throws IOException {
        return api().file(path, () -> tellError("the API is making it: this waits until it is done"));
    }

    /** Whether a program reads what is printed. */
    final boolean json() {
        return json;
    }

    /** For programs. */
    final void print(Object json) {
        lines().printJson(json.toString());
    }

    /** All of it, as it is. */
    final void printAll(Reader text) throws IOException {
        text.transferTo(out());
        out().flush();
        checkPrinted();
    }

    /** For people, whatever is in it. */
    final void tell(String line) {
        lines().println(line);
    }

    final void tellError(@Nullable String line) {
        errorLines().println("steptrail: " + line);
    }
}
