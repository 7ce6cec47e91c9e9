package dev.steptrail.openautoglm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.stepformat.ExperimentCase;
import dev.steptrail.stepformat.TaskStarted;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The place of a task in an experiment is recorded with its start. */
class ExperimentTest extends PlaysScenarios {
    @Test
    void nextTask_isAPartOfTheExperiment_andLaterOnesAreNot() throws Exception {
        Scenario run = play("experiment");

        Map<String, ExperimentCase> byDescription = new HashMap<>();
        for (Path folder : run.folders()) {
            TaskStarted started = (TaskStarted) Scenario.records(folder).get(0);
            byDescription.put(String.valueOf(started.description()), started.experimentCase());
        }
        assertThat(byDescription)
                .isEqualTo(Map.of(
                        "first",
                        new ExperimentCase("nightly/.7", "alarm", 2, Map.of("app_version", "8.1", "city", "###")),
                        "second",
                        ExperimentCase.NONE));
    }

    @Test
    void invalidArguments_raise() throws Exception {
        assertThat(play("experiment").output().get("errors")).hasSize(9).allSatisfy(error -> assertThat(error.asText())
                .containsPattern("^ValueError: .* must (be|not)"));
    }
}
