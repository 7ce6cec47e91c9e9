package dev.steptrail.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.steptrail.stepformat.MemoryFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.io.FileUtils;

/** Recordings that the import command imported into a cloud, with the ids of their tasks. */
public final class Imports {
    private static final Pattern IMPORTED =
            Pattern.compile("(.+): task ([0-9a-f-]{36}), (\\d+) steps?, (\\d+) screenshots?");

    private final CloudProcess cloud;
    private final Object[] command;
    private final Map<Recording, String> tasks = new LinkedHashMap<>();

    private static final class Samples {
        static final Imports IMPORTED = imported();

        private static Imports imported() {
            try {
                return Imports.into(CloudProcess.shared(), Recording.SAMPLES);
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException("the samples cannot be imported", e);
            }
        }
    }

    private Imports(CloudProcess cloud, Object[] command) {
        this.cloud = cloud;
        this.command = command;
    }

    /** Returns the project's samples, imported into the shared cloud. */
    public static Imports samples() {
        return Samples.IMPORTED;
    }

    /** Imports recordings and waits until ingest has stored them. */
    public static Imports into(CloudProcess cloud, Object... sourcesAndOptions)
            throws IOException, InterruptedException {
        Imports imports = sentTo(cloud, sourcesAndOptions);
        cloud.awaitIngest();
        return imports;
    }

    /**
     * Imports recordings of real runs, if {@code STEPTRAIL_REAL_DATA} contains the path of their folder.
     *
     * @return at most one element
     */
    static List<Imports> realRuns(CloudProcess cloud) throws IOException, InterruptedException {
        String folder = System.getenv().getOrDefault("STEPTRAIL_REAL_DATA", "");
        if (folder.isBlank()) {
            System.out.println("skipped: STEPTRAIL_REAL_DATA names no folder with recordings of real runs");
            return List.of();
        }
        Path data = Path.of(folder);
        return List.of(into(cloud, data.resolve("traces"), "--screenshot", data.resolve("phone-1080x2400.png")));
    }

    /**
     * Copies the sample {@code weather-finished.json}, which a test can change while others read the samples.
     *
     * @param folder an empty folder for the copy
     * @param prefix of the task's description, from which the id of the imported task follows
     * @return the copied recording
     */
    static Path changedSample(Path folder, String prefix) throws IOException {
        return change(
                copy(Recording.SAMPLES.resolve("weather-finished"), folder).resolve("weather-finished.json"), prefix);
    }

    /** Copies all samples as {@link #changedSample} does. Returns the folder. */
    static Path changedSamples(Path folder, String prefix) throws IOException {
        for (Recording copied : Recording.in(copy(Recording.SAMPLES, folder))) {
            change(copied.file(), prefix);
        }
        return folder;
    }

    private static Path copy(Path from, Path to) throws IOException {
        FileUtils.copyDirectory(from.toFile(), to.toFile());
        return to;
    }

    private static Path change(Path recording, String prefix) throws IOException {
        String text = Files.readString(recording);
        String changed = text.replaceFirst("\"description\": \"", "$0" + prefix);
        assertThat(changed).isNotEqualTo(text);
        return Files.writeString(recording, changed);
    }

    /** Imports recordings without waiting for ingest. All messages have been sent when this returns. */
    static Imports sentTo(CloudProcess cloud, Object... sourcesAndOptions) throws IOException, InterruptedException {
        List<Object> command = new ArrayList<>(List.of("import", "--zone", "Asia/Shanghai"));
        command.addAll(List.of(sourcesAndOptions));
        Imports imports = new Imports(cloud, command.toArray());
        for (String line : imports.send()) {
            Matcher imported = IMPORTED.matcher(line);
            if (imported.matches()) {
                imports.tasks.put(Recording.read(Path.of(imported.group(1))), imported.group(2));
            }
        }
        return imports;
    }

    /** Imports the same recordings again from a new outbox, and waits until ingest has processed them. */
    void again() throws IOException, InterruptedException {
        send();
        cloud.awaitIngest();
    }

    private List<String> send() throws IOException, InterruptedException {
        Map<String, String> environment = new LinkedHashMap<>(cloud.environment());
        Path outbox = MemoryFolder.create();
        environment.put("STEPTRAIL_OUTBOX", outbox.toString());
        environment.remove("STEPTRAIL_TOKEN"); // without a token, import does not wait for the API to return the tasks
        Program.Result result = new Terminal(environment).tries(command);
        FileUtils.deleteDirectory(outbox.toFile());
        assertThat(result.errors()).isEmpty();
        assertThat(result.exitCode()).isZero();
        return result.out();
    }

    /** Returns the task id of each recording. */
    Map<Recording, String> tasks() {
        return tasks;
    }

    public String taskOf(String file) {
        return tasks.entrySet().stream()
                .filter(entry -> entry.getKey().toString().equals(file))
                .findFirst()
                .orElseThrow()
                .getValue();
    }

    JsonNode task(String taskId) throws IOException, InterruptedException {
        return cloud.api().json("/api/tasks/" + taskId);
    }

    JsonNode report(String taskId) throws IOException, InterruptedException {
        return cloud.api().json("/api/tasks/" + taskId + "/report");
    }

    /** Returns the step numbers of each loop in the report. */
    List<List<Integer>> loops(String taskId) throws IOException, InterruptedException {
        List<List<Integer>> loops = new ArrayList<>();
        for (JsonNode finding : report(taskId).get("findings")) {
            if (finding.get("kind").textValue().equals("loop")) {
                List<Integer> steps = new ArrayList<>();
                finding.get("steps").forEach(step -> steps.add(step.intValue()));
                loops.add(steps);
            }
        }
        return loops;
    }

    JsonNode steps(String taskId) throws IOException, InterruptedException {
        JsonNode page = cloud.api().json("/api/tasks/" + taskId + "/steps?limit=200");
        assertThat(page.get("next_cursor").isNull()).isTrue();
        return page.get("steps");
    }

    /** Returns all API responses about the tasks, without presigned URLs, which differ for each request. */
    List<String> answers() throws IOException, InterruptedException {
        List<String> answers = new ArrayList<>();
        for (String taskId : tasks.values()) {
            String path = "/api/tasks/" + taskId;
            answers.add(cloud.api().json(path).toString());
            answers.add(cloud.api().json(path + "/steps?limit=1000").toString());
            answers.add(cloud.api().json(path + "/report").toString());
            JsonNode screenshots = cloud.api().json(path + "/screenshots").get("screenshots");
            screenshots.forEach(screenshot -> ((ObjectNode) screenshot).remove(List.of("url", "thumbnail_url")));
            answers.add(screenshots.toString());
        }
        return answers;
    }

    @Override
    public String toString() {
        return tasks.keySet().toString();
    }

    /** Returns the number of the tasks' rows in each table. */
    Map<String, Long> rows() throws SQLException, IOException {
        Map<String, Long> rows = new LinkedHashMap<>();
        try (Connection connection = cloud.database()) {
            for (String table : List.of("tasks", "task_steps", "step_screenshots", "rejected_messages")) {
                String count = "SELECT count(*) FROM " + table + " WHERE task_id = ANY (?::uuid[])";
                try (PreparedStatement query = connection.prepareStatement(count)) {
                    query.setArray(
                            1, connection.createArrayOf("text", tasks.values().toArray()));
                    ResultSet row = query.executeQuery();
                    row.next();
                    rows.put(table, row.getLong(1));
                }
            }
        }
        return rows;
    }
}
