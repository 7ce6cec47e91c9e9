package dev.steptrail.cli.reports;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.steptrail.cli.api.ApiQuery;
import dev.steptrail.cli.command.TaskCommand;
import dev.steptrail.cli.terminal.Terminal;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "report",
        description = {
            "Show the report of a task.",
            "The formats md (Markdown), json and csv are printed unless --out is given; html and pdf are saved.",
            "--json is the same as --format json. With --json and --out, the path and the size of the saved file are printed"
                    + " as JSON."
        },
        footer = {
            "  steptrail report " + TaskCommand.EXAMPLE_ID,
            "  steptrail report " + TaskCommand.EXAMPLE_ID + " --format pdf --lang zh --out report.pdf"
        })
public final class ReportCommand extends TaskCommand {
    @Option(
            names = "--format",
            paramLabel = "json|md|csv|html|pdf",
            description = "Format of the report (default: md).")
    private @Nullable String format;

    @Option(
            names = "--lang",
            paramLabel = "en|zh",
            description = "Language of md, html and pdf (default: en). Texts of the agent are not translated.")
    private @Nullable String lang;

    @Option(
            names = "--model-calls",
            description = "Include what the models received and returned. Requires --format md, csv, html or pdf.")
    private boolean modelCalls;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "Output file (default for html and pdf: TASK.html, TASK.pdf).")
    private @Nullable Path out;

    @Override
    public Integer call() throws IOException {
        requireOneOf("--format", format, "json, md, csv, html, pdf");
        if (json() && format != null && !format.equals("json")) {
            throw usageError("--json cannot be combined with --format " + format);
        }
        requireOneOf("--lang", lang, "en, zh");
        String selected = json() ? "json" : Objects.requireNonNullElse(format, "md");
        if (lang != null && (selected.equals("json") || selected.equals("csv"))) {
            throw usageError("--lang requires --format md, html or pdf");
        }
        if (modelCalls && selected.equals("json")) {
            throw usageError("--model-calls requires --format md, csv, html or pdf");
        }
        String path = new ApiQuery(path("/report"), "report")
                .withParameter("format", selected.equals("json") ? null : selected)
                .withParameter("lang", lang)
                .withParameter("include_model_calls", modelCalls ? true : null)
                .pathAndQuery();
        if (out == null && selected.equals("json")) {
            print(api().send("GET", path, null).toPrettyString());
        } else if (out == null && (selected.equals("md") || selected.equals("csv"))) {
            printText(path);
        } else {
            save(path, out == null ? Path.of(task() + "." + selected) : out);
        }
        return 0;
    }

    /** Prints the text unchanged to a file or pipe, and without control characters to a terminal. */
    private void printText(String path) throws IOException {
        try (BufferedReader text = new BufferedReader(new InputStreamReader(openFile(path), UTF_8))) {
            if (Terminal.isPiped()) {
                text.transferTo(out());
                out().flush();
            } else {
                text.lines().forEach(this::println);
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        checkPrinted();
    }
}
