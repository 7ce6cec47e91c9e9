package dev.steptrail.store.judgements;

import dev.steptrail.store.judgements.NoteRepository.Note;
import dev.steptrail.store.judgements.StepLabelRepository.StepLabel;
import dev.steptrail.store.judgements.VerdictRepository.StoredVerdict;
import java.util.List;

/**
 * The verdicts on a task, the labels of its steps, and the notes on both.
 *
 * @param verdicts newest first
 * @param labels by step number and label
 * @param notes oldest first
 */
public record TaskJudgements(List<StoredVerdict> verdicts, List<StepLabel> labels, List<Note> notes) {
    public static final TaskJudgements NONE = new TaskJudgements(List.of(), List.of(), List.of());

    public TaskJudgements {
        verdicts = List.copyOf(verdicts);
        labels = List.copyOf(labels);
        notes = List.copyOf(notes);
    }

    public boolean isEmpty() {
        return verdicts.isEmpty() && labels.isEmpty() && notes.isEmpty();
    }

    /** Returns the judgements without the names of people. Labels and notes then have an empty author. */
    public TaskJudgements withoutAuthors() {
        return new TaskJudgements(
                verdicts.stream().map(StoredVerdict::withoutAuthor).toList(),
                labels.stream()
                        .map(label -> new StepLabel(label.stepNumber(), label.label(), "", label.labelledAt()))
                        .toList(),
                notes.stream()
                        .map(note -> new Note(
                                note.id(), note.stepNumber(), "", note.text(), note.createdAt(), note.editedAt()))
                        .toList());
    }
}
