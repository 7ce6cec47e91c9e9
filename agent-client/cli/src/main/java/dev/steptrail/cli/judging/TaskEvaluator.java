package dev.steptrail.cli.judging;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.steptrail.cli.api.Api;
import dev.steptrail.cli.api.ApiQuery;
import dev.steptrail.cli.downloads.SavedFiles;
import dev.steptrail.cli.downloads.ScreenshotSaver;
import dev.steptrail.cli.evaluate.EvaluationException;
import dev.steptrail.cli.evaluate.Judgement;
import dev.steptrail.cli.evaluate.RuleSet;
import dev.steptrail.cli.evaluate.TaskFacts;
import dev.steptrail.cli.evaluate.TaskFacts.StepFacts;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Judges one task. Thread-safe. */
interface TaskEvaluator {
    /**
     * Judges a task.
     *
     * @param task as returned by the API
     * @param folder an empty folder, which is deleted afterwards
     * @throws EvaluationException if the task cannot be judged
     * @throws IOException if the API cannot be reached or rejects a request, or a file cannot be written
     */
    Judgement judge(JsonNode task, Path folder) throws IOException, InterruptedException;

    private static ApiQuery query(JsonNode task, String list) {
        return new ApiQuery("/api/tasks/" + task.path("task_id").asText() + "/" + list, list);
    }

    /** The built-in evaluator. */
    record ByRules(Api api, RuleSet rules) implements TaskEvaluator {
        @Override
        public Judgement judge(JsonNode task, Path folder) throws IOException {
            List<StepFacts> steps = new ArrayList<>();
            ApiQuery query = query(task, "steps").limit(Integer.MAX_VALUE);
            while (query.hasNext()) {
                query.readNext(api).forEach(step -> steps.add(StepFacts.of(step)));
            }
            return rules.judge(TaskFacts.of(task, steps));
        }
    }

    /**
     * A program that reads {@code {"task":{…},"steps":[…]}} and prints a verdict.
     *
     * @param name what is judged
     * @param screenshots downloads the screenshots, whose {@code path} the program reads; null for no screenshots
     */
    record ByProgram(
            Api api,
            ExternalProgram program,
            String name,
            @Nullable ScreenshotSaver screenshots) implements TaskEvaluator {
        private static final String PATH = "path";
        private static final ObjectMapper JSON = new ObjectMapper();
        private static final long MAX_SCREENSHOT_BYTES = 512L * 1024 * 1024;
        private static final long MAX_INPUT_BYTES = 256L * 1024 * 1024;

        @Override
        public Judgement judge(JsonNode task, Path folder) throws IOException, InterruptedException {
            Map<String, String> files = screenshots == null ? Map.of() : saveScreenshots(task, folder, screenshots);
            Path input = folder.resolve("input.json");
            writeInput(task, input, files);
            return Judgement.parse(program.run(input), name);
        }

        private static Map<String, String> saveScreenshots(JsonNode task, Path folder, ScreenshotSaver saver)
                throws IOException {
            SavedFiles saved = saver.save(query(task, "screenshots"), folder, MAX_SCREENSHOT_BYTES);
            Map<String, String> failures = saved.failures();
            if (!failures.isEmpty()) {
                Map.Entry<String, String> first = failures.entrySet().iterator().next();
                throw new EvaluationException("screenshot " + first.getKey() + ": " + first.getValue()
                        + "; --no-screenshots judges without pictures");
            }
            return saved.names();
        }

        /** Writes the input page by page, so that memory is bounded for any number of steps. */
        private void writeInput(JsonNode task, Path input, Map<String, String> files) throws IOException {
            ApiQuery query = query(task, "steps").limit(Integer.MAX_VALUE);
            try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(input));
                    JsonGenerator json = JSON.createGenerator(out)) {
                json.writeStartObject();
                json.writeFieldName("task");
                json.writeTree(task);
                json.writeArrayFieldStart("steps");
                while (query.hasNext()) {
                    for (JsonNode step : query.readNext(api)) {
                        setPaths(step, input.resolveSibling(""), files);
                        json.writeTree(step);
                    }
                    json.flush();
                    if (Files.size(input) > MAX_INPUT_BYTES) {
                        throw new EvaluationException("the steps have more than " + MAX_INPUT_BYTES + " bytes");
                    }
                }
                json.writeEndArray();
                json.writeEndObject();
            }
        }

        /** Sets {@code path} of each screenshot that was saved. Removes any {@code path} that the recorder added. */
        private static void setPaths(JsonNode step, Path folder, Map<String, String> files) {
            ((ObjectNode) step).remove(PATH);
            int number = step.path("step_number").asInt();
            for (JsonNode screenshot : step.path("screenshots")) {
                ((ObjectNode) screenshot).remove(PATH);
                String file = files.get(ScreenshotSaver.key(
                        number, screenshot.path("screenshot_index").asInt()));
                if (file != null) {
                    ((ObjectNode) screenshot).put(PATH, folder.resolve(file).toString());
                }
            }
        }
    }
}
