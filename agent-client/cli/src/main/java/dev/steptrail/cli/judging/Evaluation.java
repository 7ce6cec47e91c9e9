package dev.steptrail.cli.judging;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.steptrail.cli.api.Api;
import dev.steptrail.cli.api.ApiProblem;
import dev.steptrail.cli.api.ApiQuery;
import dev.steptrail.cli.command.ApiCommand;
import dev.steptrail.cli.evaluate.EvaluationException;
import dev.steptrail.cli.evaluate.Judgement;
import dev.steptrail.cli.terminal.TextFormat;
import dev.steptrail.stepformat.VerdictValue.Score;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Judges all tasks of a list, several at a time, and stores the verdicts. */
final class Evaluation {
    /**
     * What the verdicts have in common.
     *
     * @param name what is judged
     * @param evaluator the name of the evaluator
     */
    record Header(String name, String evaluator, String version) {}

    /**
     * The settings of an evaluation.
     *
     * @param rejudge whether to judge tasks that this version of the evaluator has already judged
     * @param store whether to store the verdicts
     * @param limit the maximum number of tasks to judge
     * @param parallel the number of tasks to judge at a time
     */
    record Settings(boolean rejudge, boolean store, int limit, int parallel) {}

    private final Api api;
    private final Header header;
    private final TaskEvaluator evaluator;
    private final Settings settings;
    private final EvaluationReport report;
    private final Path folder;
    private final ExecutorService threads;
    private final Semaphore idle;
    private int started;
    private volatile boolean stopped;
    private boolean interrupted;
    private @Nullable Exception fatal;

    /** @param folder a folder for temporary files */
    Evaluation(
            Api api, Header header, TaskEvaluator evaluator, Settings settings, Path folder, EvaluationReport report) {
        this.api = api;
        this.header = header;
        this.evaluator = evaluator;
        this.settings = settings;
        this.folder = folder;
        this.report = report;
        threads = Executors.newFixedThreadPool(settings.parallel());
        idle = new Semaphore(settings.parallel());
    }

    /**
     * Judges the tasks.
     *
     * @throws IOException if the API cannot be reached, or a file cannot be written. Tasks that were judged before stay
     *     judged
     */
    void run(ApiQuery tasks) throws IOException, InterruptedException {
        try {
            while (!stopped && tasks.hasNext()) {
                for (JsonNode task : tasks.readNext(api)) {
                    start(task);
                    if (stopped) {
                        break;
                    }
                }
            }
        } finally {
            threads.shutdown();
            threads.awaitTermination(Long.MAX_VALUE, TimeUnit.NANOSECONDS);
        }
        rethrowFatal();
    }

    private synchronized void rethrowFatal() throws IOException {
        if (fatal instanceof IOException e) {
            throw e;
        }
        if (fatal != null) {
            throw new IllegalStateException(fatal);
        }
    }

    /** Stops programs and downloads, and judges no further tasks. {@link #run} then returns. */
    synchronized void stop() {
        interrupted = true;
        stopped = true;
        threads.shutdownNow();
    }

    private void start(JsonNode task) throws InterruptedException {
        String status = task.path("status").asText();
        if (status.equals("running")) {
            report.addRunning();
        } else if (status.equals("archived")) {
            report.addArchived();
        } else {
            idle.acquire();
            synchronized (this) {
                if (!stopped) {
                    threads.execute(() -> evaluate(task));
                }
            }
        }
    }

    private void evaluate(JsonNode task) {
        String id = task.path("task_id").asText();
        try {
            if (!settings.rejudge() && isJudged(id)) {
                addAlreadyJudged();
            } else if (reserve()) {
                Judgement judgement = judge(task);
                if (settings.store()) {
                    api.send("PUT", verdicts(id), toJson(judgement));
                }
                add(task, judgement);
            }
        } catch (EvaluationException e) {
            addFailure(id, String.valueOf(e.getMessage()));
        } catch (ApiProblem e) {
            addFailure(id, e.isNotFound() ? "the task no longer exists" : String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException | RuntimeException e) {
            fail(e);
        } finally {
            idle.release();
        }
    }

    private static String verdicts(String taskId) {
        return "/api/tasks/" + taskId + "/verdicts";
    }

    /** Returns whether this version of the evaluator has judged the task. */
    private boolean isJudged(String taskId) throws IOException {
        ApiQuery verdicts = new ApiQuery(verdicts(taskId), "verdicts").limit(Integer.MAX_VALUE);
        return verdicts.readAll(api).stream()
                .anyMatch(verdict -> header.name().equals(verdict.path("name").textValue())
                        && header.evaluator().equals(verdict.path("evaluator").textValue())
                        && header.version()
                                .equals(verdict.path("evaluator_version").textValue()));
    }

    private Judgement judge(JsonNode task) throws IOException, InterruptedException {
        Path temporary = Files.createTempDirectory(folder, "task");
        try {
            return evaluator.judge(task, temporary);
        } finally {
            try {
                TemporaryFolder.delete(temporary);
            } catch (IOException e) {
                warn(task.path("task_id").asText(), "cannot delete temporary files: " + TextFormat.errorMessage(e));
            }
        }
    }

    private ObjectNode toJson(Judgement judgement) {
        ObjectNode body = toJson(ApiCommand.object().put("name", header.name()), judgement);
        return body.put("evaluator", header.evaluator()).put("evaluator_version", header.version());
    }

    /** Adds the value and the reason to an object. */
    static ObjectNode toJson(ObjectNode object, Judgement judgement) {
        if (judgement.value() instanceof Score score) {
            object.put("value", score.number());
        } else {
            object.put("value", judgement.valueText());
        }
        return judgement.reason() == null ? object : object.put("reason", judgement.reason());
    }

    /** Counts a task towards the limit. Returns false if the limit is reached. */
    private synchronized boolean reserve() {
        if (started >= settings.limit()) {
            stopped = true;
            return false;
        }
        started++;
        return true;
    }

    private synchronized void addAlreadyJudged() {
        report.addAlreadyJudged();
    }

    private synchronized void add(JsonNode task, Judgement judgement) {
        report.addJudged(task, judgement);
    }

    private synchronized void addFailure(String taskId, String reason) {
        if (!interrupted) { // otherwise the failure is a consequence of the interruption
            report.addFailure(taskId, reason);
        }
    }

    private synchronized void warn(String taskId, String warning) {
        if (!interrupted) {
            report.warn(taskId, warning);
        }
    }

    private synchronized void fail(Exception e) {
        if (!interrupted && fatal == null) {
            fatal = e;
        }
        stopped = true;
    }
}
