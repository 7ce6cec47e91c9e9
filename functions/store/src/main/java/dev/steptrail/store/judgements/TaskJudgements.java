package dev.steptrail.store.judgements;

import dev.steptrail.store.judgements.NoteRepository.Note;
import dev.steptrail.store.judgements.StepLabelRepository.StepLabel;
import dev.steptrail.store.judgements.VerdictRepository.StoredVerdict;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * The verdicts on a task, the labels of its steps, and the notes on both, as a report lists them.
 *
 * @param verdicts newest first
 * @param labels by step number and label
 * @param notes oldest first
 */
public record TaskJudgements(Listed<StoredVerdict> verdicts, Listed<StepLabel> labels, Listed<Note> notes) {
    public static final TaskJudgements NONE =
            new TaskJudgements(Listed.of(List.of()), Listed.of(List.of()), Listed.of(List.of()));

    /**
     * The first items of a list.
     *
     * @param total the number of all items
     */
    public record Listed<T>(List<T> items, long total) {
        public Listed {
            items = List.copyOf(items);
        }

        /** Returns a list that contains all items. */
        static <T> Listed<T> of(List<T> items) {
            return new Listed<>(items, items.size());
        }

        /** Returns the list with each item replaced. */
        public Listed<T> map(UnaryOperator<T> change) {
            return new Listed<>(items.stream().map(change).toList(), total);
        }
    }

    public boolean isEmpty() {
        return verdicts.total() + labels.total() + notes.total() == 0;
    }

    /** Returns whether no judgement is omitted. */
    public boolean listsAll() {
        return verdicts.total() == verdicts.items().size()
                && labels.total() == labels.items().size()
                && notes.total() == notes.items().size();
    }

    /** Returns the judgements without the names of people. Labels and notes then have an empty author. */
    public TaskJudgements withoutAuthors() {
        return new TaskJudgements(
                verdicts.map(StoredVerdict::withoutAuthor),
                labels.map(label -> new StepLabel(label.stepNumber(), label.label(), "", label.labelledAt())),
                notes.map(note ->
                        new Note(note.id(), note.stepNumber(), "", note.text(), note.createdAt(), note.editedAt())));
    }
}
