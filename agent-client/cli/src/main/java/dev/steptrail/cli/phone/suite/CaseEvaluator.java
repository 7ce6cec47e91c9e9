package dev.steptrail.cli.phone.suite;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.steptrail.cli.evaluate.EvaluationException;
import dev.steptrail.cli.evaluate.Judgement;
import dev.steptrail.cli.evaluate.RuleSet;
import dev.steptrail.cli.evaluate.TaskFacts;
import dev.steptrail.cli.evaluate.TaskFacts.StepFacts;
import dev.steptrail.cli.judging.ExternalProgram;
import dev.steptrail.stepformat.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Judges whether a task of a case succeeded. Thread-safe. */
sealed interface CaseEvaluator {
    String name();

    String version();

    /** Returns whether {@link #judge} reads the screenshots. */
    boolean readsScreenshots();

    /**
     * Judges a task.
     *
     * @param task with the fields of the API
     * @param steps with the fields of the API; the screenshots have a {@code path}
     * @param folder for temporary files
     * @throws EvaluationException if the task cannot be judged
     * @throws IOException if a file cannot be written, or the program cannot be started
     */
    Judgement judge(ObjectNode task, List<ObjectNode> steps, Path folder) throws IOException, InterruptedException;

    /** The rules of {@code steptrail evaluate}. */
    record ByRules(RuleSet rules) implements CaseEvaluator {
        @Override
        public String name() {
            return "rules";
        }

        @Override
        public String version() {
            return rules.version();
        }

        @Override
        public boolean readsScreenshots() {
            return rules.readsScreenshots();
        }

        @Override
        public Judgement judge(ObjectNode task, List<ObjectNode> steps, Path folder) throws IOException {
            for (int i = steps.size() - 1; readsScreenshots() && i >= 0; i--) {
                if (RecordedSteps.addHashes(steps.get(i), new HashMap<>())) {
                    break; // the rule compares the last screenshot
                }
            }
            return rules.judge(
                    TaskFacts.of(task, steps.stream().map(StepFacts::of).toList()));
        }
    }

    /** A program, with the same input and output as for {@code steptrail evaluate}. */
    record ByProgram(String name, String version, ExternalProgram program) implements CaseEvaluator {
        private static final ObjectMapper JSON = new ObjectMapper();

        @Override
        public boolean readsScreenshots() {
            return true;
        }

        @Override
        public Judgement judge(ObjectNode task, List<ObjectNode> steps, Path folder)
                throws IOException, InterruptedException {
            Map<String, String> hashes = new HashMap<>();
            for (ObjectNode step : steps) {
                RecordedSteps.addHashes(step, hashes);
            }
            ObjectNode input = JSON.createObjectNode();
            input.set("task", task);
            input.set("steps", JSON.createArrayNode().addAll(steps));
            Path file = folder.resolve("input.json");
            Files.write(file, JSON.writeValueAsBytes(input));
            return Judgement.parse(program.run(file), Verdict.SUCCESS);
        }
    }
}
