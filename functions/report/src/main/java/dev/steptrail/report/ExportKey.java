package dev.steptrail.report;

import dev.steptrail.stepformat.Sha256;
import dev.steptrail.stepformat.TaskId;
import dev.steptrail.store.model.ArchiveKeys;
import dev.steptrail.store.model.Task;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where in the bucket an export lies: {@code exports/<owner>/<task_id>.<state>.<language>.<format>}. It names all that the
 * export is made of, so it is also what is asked for; and a deletion of the task finds it.
 *
 * @param folder the owner's
 * @param state of the task, as it was when it was asked for
 */
public record ExportKey(String folder, UUID taskId, String state, Language language, Format format) {
    /** In which form. */
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

        /** As HTTP names it. */
        public String contentType() {
            return contentType;
        }

        /** What a browser does with it. */
        public String disposition(UUID taskId) {
            return disposition + "; filename=\"" + taskId + "." + extension() + "\"";
        }

        String extension() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** While a task runs each batch of steps is news: one export serves all that ask within so long. */
    private static final Duration NEWS_OF_A_RUNNING_TASK = Duration.ofMinutes(5);

    /** Of what reports say and how: a change of that is another export. */
    private static final int VERSION = 2;

    private static final int STATE_LENGTH = 16;

    private static final Pattern KEY = Pattern.compile("exports/(?<folder>[\\w%-]+)/(?<task>[0-9a-f-]{36})"
            + "\\.(?<state>[0-9a-f]{16})\\.(?<language>[a-z]{2})\\.(?<format>[a-z]+)");

    /**
     * Of the task as it is.
     *
     * @param now when it is asked for: news of a task that runs and is silent since is as good as that of one that has ended
     */
    public static ExportKey of(Task task, Language language, Format format, Instant now) {
        Instant news = task.receivedAt();
        boolean moves = task.status().equals("running") && now.isBefore(news.plus(NEWS_OF_A_RUNNING_TASK));
        String seen = moves
                ? String.valueOf(news.getEpochSecond() / NEWS_OF_A_RUNNING_TASK.toSeconds())
                : String.join(
                        "|",
                        news.toString(),
                        task.status(),
                        String.valueOf(task.ending()),
                        task.totalSteps() + "|" + task.conflicts());
        String state = Sha256.hex((VERSION + "|" + seen).getBytes(StandardCharsets.UTF_8));
        return new ExportKey(
                ArchiveKeys.folder(task.owner()), task.taskId(), state.substring(0, STATE_LENGTH), language, format);
    }

    /** What this key is; empty if it is none of those above. */
    public static Optional<ExportKey> parse(String key) {
        Matcher matcher = KEY.matcher(key);
        Optional<UUID> taskId = matcher.matches() ? TaskId.parse(matcher.group("task")) : Optional.empty();
        if (taskId.isEmpty()) {
            return Optional.empty();
        }
        return Arrays.stream(Language.values())
                .flatMap(language -> Arrays.stream(Format.values())
                        .map(format -> new ExportKey(
                                matcher.group("folder"), taskId.get(), matcher.group("state"), language, format)))
                .filter(parsed -> parsed.key().equals(key))
                .findFirst();
    }

    /** Whether it is this owner's task's. */
    public boolean isOf(Task task) {
        return taskId.equals(task.taskId()) && folder.equals(ArchiveKeys.folder(task.owner()));
    }

    /** In the bucket. */
    public String key() {
        return "exports/" + folder + "/" + taskId + "." + state + "." + language.code() + "." + format.extension();
    }
}
