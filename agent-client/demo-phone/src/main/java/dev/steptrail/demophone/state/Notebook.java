package dev.steptrail.demophone.state;

import java.util.ArrayList;
import java.util.List;

/** The notes stored on the phone, newest first. */
public final class Notebook {
    private final List<Note> notes = new ArrayList<>(
            List.of(new Note("买菜清单\n西红柿、鸡蛋、豆腐、小葱", "昨天 18:20"), new Note("周末去植物园\n记得带相机和水", "周一 21:05")));

    /** A note: its first line is its title. */
    public record Note(String text, String changed) {}

    public List<Note> notes() {
        return List.copyOf(notes);
    }

    public void add(Note note) {
        notes.add(0, note);
    }
}
