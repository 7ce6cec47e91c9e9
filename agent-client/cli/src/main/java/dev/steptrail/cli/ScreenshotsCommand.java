package dev.steptrail.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.steptrail.cli.api.Api;
import dev.steptrail.cli.api.ApiQuery;
import dev.steptrail.cli.api.AtomicFileWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "screenshots",
        description = {
            "List the screenshots of a task, or download them.",
            "With --json, the list contains URLs that work without a token, by default for 5 minutes."
        },
        exitCodeList = {
            Steptrail.SUCCESS,
            "1:failure, or at least one screenshot was not downloaded",
            Steptrail.WRONG_USAGE
        },
        footer = {
            "  steptrail screenshots " + TaskCommand.EXAMPLE_ID,
            "  steptrail screenshots " + TaskCommand.EXAMPLE_ID + " --out pictures",
            ApiCommand.ENVIRONMENT
        })
final class ScreenshotsCommand extends TaskCommand {
    private static final int PARALLEL_DOWNLOADS = 4;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description =
                    "Download the screenshots to this folder, with names such as 0001-before.webp. Screenshots that it"
                            + " already contains are skipped.")
    private @Nullable Path out;

    /** The reasons why screenshots could not be saved, by file name. */
    private final Map<String, String> failures = new LinkedHashMap<>();

    private int saved;
    private int skipped;

    /** @param sha256 null if it is unknown */
    private record Screenshot(
            String fileName, String url, @Nullable String sha256) {}

    @Override
    public Integer call() throws IOException {
        ApiQuery screenshots = new ApiQuery(path("/screenshots"), "screenshots");
        if (out != null) {
            return save(screenshots, out);
        }
        Table table = new Table(zone())
                .field("STEP", "step_number")
                .fields("role")
                .column("SIZE", ScreenshotsCommand::size)
                .field("BYTES", "file_size")
                .yesNo("SENSITIVE", "sensitive")
                .field("SHA-256", "file_hash");
        return printList(screenshots, table::lines);
    }

    private static String size(JsonNode screenshot) {
        return TextFormat.text(screenshot.path("width")) + "x" + TextFormat.text(screenshot.path("height"));
    }

    private int save(ApiQuery query, Path folder) throws IOException {
        try {
            Files.createDirectories(folder);
        } catch (FileAlreadyExistsException e) {
            throw new IOException(folder + " exists and is not a folder: choose another one with --out", e);
        }
        Api api = api();
        ExecutorService threads = Executors.newFixedThreadPool(PARALLEL_DOWNLOADS);
        try {
            String cursor = null;
            do {
                cursor = savePage(query, cursor, api, folder, threads);
            } while (cursor != null);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while downloading screenshots");
        } finally {
            threads.shutdownNow();
        }
        failures.forEach((file, reason) -> printError(file + ": " + reason));
        print(
                object().put("saved", saved).put("already_there", skipped).put("failed", failures.size()),
                "saved " + TextFormat.count(saved, "screenshot") + " to " + folder
                        + (skipped == 0 ? "" : "; skipped " + TextFormat.count(skipped, "existing file")));
        return failures.isEmpty() ? 0 : 1;
    }

    /**
     * Saves a page. URLs may expire before the page is complete. While some downloads succeed and others fail, requests
     * the page again to get new URLs.
     *
     * @return the cursor of the next page
     */
    private @Nullable String savePage(
            ApiQuery query, @Nullable String cursor, Api api, Path folder, ExecutorService threads)
            throws IOException, InterruptedException {
        ApiQuery.Page page = query.readPage(api, cursor);
        List<Screenshot> screenshots = parse(page);
        Map<String, String> failed = fetch(screenshots, api, folder, threads);
        int attempted = screenshots.size();
        while (!failed.isEmpty() && failed.size() < attempted) {
            attempted = failed.size();
            screenshots = parse(query.readPage(api, cursor));
            Set<String> names = failed.keySet();
            screenshots.removeIf(screenshot -> !names.contains(screenshot.fileName()));
            failed = fetch(screenshots, api, folder, threads);
        }
        failures.putAll(failed);
        return page.nextCursor();
    }

    private Map<String, String> fetch(List<Screenshot> screenshots, Api api, Path folder, ExecutorService threads)
            throws InterruptedException {
        List<Future<Boolean>> results = threads.invokeAll(screenshots.stream()
                .<Callable<Boolean>>map(screenshot -> () -> fetch(screenshot, api, folder))
                .toList());
        Map<String, String> failed = new LinkedHashMap<>();
        for (int i = 0; i < screenshots.size(); i++) {
            try {
                if (results.get(i).get()) {
                    saved++;
                } else {
                    skipped++;
                }
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof IOException reason)) {
                    throw new IllegalStateException(e.getCause());
                }
                failed.put(screenshots.get(i).fileName(), Steptrail.errorMessage(reason));
            }
        }
        return failed;
    }

    /** Fetches the screenshot unless it is already saved; returns whether it was fetched. */
    private static boolean fetch(Screenshot screenshot, Api api, Path folder) throws IOException {
        AtomicFileWriter file = new AtomicFileWriter(folder.resolve(screenshot.fileName()));
        if (screenshot.sha256() != null && file.hasSha256(screenshot.sha256())) {
            return false;
        }
        try (InputStream content = api.openUrl(screenshot.url())) {
            file.write(content, screenshot.sha256());
        }
        return true;
    }

    /**
     * Returns the screenshots of a page, with stable file names. The first screenshot of a step and role is named
     * {@code 0007-other.webp}. Further ones also contain their index, such as {@code 0007-other-3.webp}.
     */
    private static List<Screenshot> parse(ApiQuery.Page page) {
        Set<String> usedPrefixes = new HashSet<>();
        List<Screenshot> screenshots = new ArrayList<>();
        for (JsonNode screenshot : page.items()) {
            int step = screenshot.path("step_number").asInt();
            String prefix = String.format(Locale.ROOT, "%04d-%s", step, safeWord(screenshot.path("role"), "other"));
            int index = screenshot.path("screenshot_index").asInt();
            String name = usedPrefixes.add(prefix) ? prefix : prefix + "-" + index;
            screenshots.add(new Screenshot(
                    name + "." + safeWord(screenshot.path("format"), "webp"),
                    screenshot.path("url").asText(),
                    screenshot.path("file_hash").textValue()));
        }
        return screenshots;
    }

    /** Returns the value if it is safe in a file name. Prevents path traversal by a response of the API. */
    private static String safeWord(JsonNode value, String defaultWord) {
        return value.asText().matches("[a-z0-9]{1,16}") ? value.asText() : defaultWord;
    }
}
