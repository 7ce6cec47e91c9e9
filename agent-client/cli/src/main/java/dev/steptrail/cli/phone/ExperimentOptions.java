package dev.steptrail.cli.phone;

import dev.steptrail.cli.command.SteptrailCommand;
import dev.steptrail.stepformat.ExperimentCase;
import dev.steptrail.tracker.TaskInfo;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The place of a task in an experiment. */
final class ExperimentOptions {
    @Option(
            names = "--experiment",
            paramLabel = "NAME",
            description = "The experiment of the task or suite (default for a suite: that of the file).")
    private @Nullable String name;

    @Option(names = "--case", paramLabel = "ID", description = "The task's case in the experiment.")
    private @Nullable String caseId;

    @Option(names = "--repeat", paramLabel = "N", description = "The number of the case's repeat, 0 or more.")
    private @Nullable Integer repeat;

    /** Returns the name of the experiment; null if it is not given. */
    @Nullable
    String name() {
        return name;
    }

    /**
     * @param isTask whether the options are those of one task, not of a suite
     * @throws ParameterException if an option is not valid
     */
    void check(boolean isTask, SteptrailCommand command) {
        if (name != null && !ExperimentCase.isName(name)) {
            throw command.usageError("--experiment must have at most " + ExperimentCase.MAX_LENGTH + " characters, and "
                    + ExperimentCase.NAME_RULE + ", but is '" + name + "'");
        }
        if (!isTask && (caseId != null || repeat != null)) {
            throw command.usageError("--case and --repeat are not for suites");
        }
        if (name == null && (caseId != null || repeat != null)) {
            throw command.usageError("--case and --repeat require --experiment");
        }
        if (caseId != null
                && (caseId.isBlank() || caseId.codePointCount(0, caseId.length()) > ExperimentCase.MAX_LENGTH)) {
            throw command.usageError(
                    "--case must have 1 to " + ExperimentCase.MAX_LENGTH + " characters, but is '" + caseId + "'");
        }
        command.requireAtLeast(0, "--repeat", repeat);
    }

    TaskInfo addTo(TaskInfo task) {
        return name == null ? task : task.inExperiment(name, caseId, repeat);
    }
}
