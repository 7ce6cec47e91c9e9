package dev.steptrail.report;

import dev.steptrail.stepformat.Sha256;
import dev.steptrail.stepformat.TaskId;
import dev.steptrail.store.admin.ShareRepository.Contents;
import dev.steptrail.store.model.ArchiveKeys;
import dev.steptrail.store.model.Task;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The key of an export in the bucket: {@code exports/<owner>/<task_id>.<state>.<language>.<format>}, with
 * {@code .calls} before the format if a report shows model calls. The key determines the export's content, so it is
 * also the queue message. Deleting a task deletes its exports by prefix.
 *
 * <p>A report for a link that omits something is in the folder {@value ArchiveKeys#LINKS_FOLDER} instead of the
 * owner's, because its URL must not contain the owner. What it includes follows the language, such as {@code .0010}.
 *
 * @param folder the owner's folder
 * @param state a hash of the state of the task and the prices at the time of the request
 * @param withModelCalls whether a report shows what models received and returned. A ZIP always contains it.
 * @param contents what the readers may see
 */
public record ExportKey(
        String folder,
        UUID taskId,
        String state,
        Language language,
        Contents contents,
        boolean withModelCalls,
        Format format) {
    /** The file format of an export. */
    public enum Format {
        HTML("text/html; charset=utf-8", "attachment"),
        PDF("application/pdf", "inline"),
        ZIP("application/zip", "attachment");

        private final String contentType;
        private final String disposition;

        Format(String contentType, String disposition) {
            this.contentType = contentType;
            this.disposition = disposition;
        }

        public String contentType() {
            return contentType;
        }

        /** Returns the value of {@code Content-Disposition}. */
        public String disposition(UUID taskId) {
            return disposition + "; filename=\"" + taskId + "." + extension() + "\"";
        }

        String extension() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** How long the state of a running task stays the same, so that requests in this period share one export. */
    private static final Duration RUNNING_STATE_PERIOD = Duration.ofMinutes(5);

    /** The version of the reports' content. A change of the content must increment it. */
    private static final int VERSION = 7;

    private static final int STATE_LENGTH = 16;

    private static final Pattern KEY = Pattern.compile(
            "exports/(?<folder>[\\w%-]+)/(?<task>[0-9a-f-]{36})"
                    + "\\.(?<state>[0-9a-f]{16})\\.(?<language>en|zh)(?:\\.(?<contents>[01]{4}))?(?<calls>\\.calls)?\\.(?<format>html|pdf|zip)");

    /**
     * Returns the key of an export of the task's current state. Each change of the task, its steps, its judgements and
     * the prices changes the state. While steps of a running task arrive, only a new period, tags, verdicts and prices
     * change it.
     *
     * @param task the fields that the readers may see
     * @param prices the state of the prices of the task's model
     * @param now the time of the request; running tasks without recent activity are treated like ended tasks
     */
    public static ExportKey of(
            Task task,
            String prices,
            Language language,
            Contents contents,
            boolean withModelCalls,
            Format format,
            Instant now) {
        Instant changedAt = task.receivedAt();
        boolean isChanging = task.status().equals("running") && now.isBefore(changedAt.plus(RUNNING_STATE_PERIOD));
        String version = isChanging
                ? changedAt.getEpochSecond() / RUNNING_STATE_PERIOD.toSeconds() + "|" + task.verdict() + "|"
                        + task.verdictSource() + "|" + task.tags()
                : task.revision() + "|" + changedAt; // the revision may repeat after a restore from a backup
        String state = Sha256.hex((VERSION + "|" + prices + "|" + version).getBytes(StandardCharsets.UTF_8));
        return new ExportKey(
                folder(task, contents),
                task.taskId(),
                state.substring(0, STATE_LENGTH),
                language,
                contents,
                withModelCalls,
                format);
    }

    /** Parses a key; empty if {@link #key} did not create it. */
    public static Optional<ExportKey> parse(String key) {
        Matcher matcher = KEY.matcher(key);
        return (matcher.matches() ? TaskId.parse(matcher.group("task")) : Optional.<UUID>empty())
                .map(taskId -> new ExportKey(
                        matcher.group("folder"),
                        taskId,
                        matcher.group("state"),
                        Language.valueOf(matcher.group("language").toUpperCase(Locale.ROOT)),
                        contents(matcher.group("contents")),
                        matcher.group("calls") != null,
                        Format.valueOf(matcher.group("format").toUpperCase(Locale.ROOT))))
                .filter(parsed -> parsed.key().equals(key));
    }

    /** Returns whether the key belongs to an export of this task. */
    public boolean matches(Task task) {
        return taskId.equals(task.taskId()) && folder.equals(folder(task, contents));
    }

    private static String folder(Task task, Contents contents) {
        return contents.equals(Contents.ALL) ? ArchiveKeys.folder(task.owner()) : ArchiveKeys.LINKS_FOLDER;
    }

    private static Contents contents(@Nullable String digits) {
        return digits == null
                ? Contents.ALL
                : new Contents(
                        digits.charAt(0) == '1',
                        digits.charAt(1) == '1',
                        digits.charAt(2) == '1',
                        digits.charAt(3) == '1');
    }

    private static String digits(Contents contents) {
        return Stream.of(
                        contents.includeSensitive(),
                        contents.includeDetails(),
                        contents.includeJudgements(),
                        contents.includeModelCalls())
                .map(included -> included ? "1" : "0")
                .collect(Collectors.joining());
    }

    public String key() {
        return "exports/" + folder + "/" + taskId + "." + state + "." + language.code()
                + (contents.equals(Contents.ALL) ? "" : "." + digits(contents))
                + (withModelCalls ? ".calls" : "") + "." + format.extension();
    }
}
