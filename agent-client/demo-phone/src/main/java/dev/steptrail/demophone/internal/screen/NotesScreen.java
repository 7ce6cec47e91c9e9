package dev.steptrail.demophone.internal.screen;

import dev.steptrail.demophone.internal.draw.Canvas;
import dev.steptrail.demophone.internal.draw.TextBlock;
import dev.steptrail.demophone.state.Notebook.Note;
import dev.steptrail.demophone.state.PhoneState;
import java.awt.Color;

/** The notes as cards, and a button that creates a new one. */
final class NotesScreen implements Screen {
    private static final double CARD_HEIGHT = 280;

    private final PhoneState state;
    private final Navigation navigation;

    NotesScreen(PhoneState state, Navigation navigation) {
        this.state = state;
        this.navigation = navigation;
    }

    @Override
    public void draw(Canvas canvas, Touchables touchables) {
        canvas.rectangle(0, 0, WIDTH, HEIGHT, Theme.GROUND);
        canvas.text("备忘录", 64, 262, Theme.HEADLINE);
        canvas.text(state.notebook().notes().size() + " 条备忘", 66, 332, Theme.DETAIL);
        double top = 400;
        for (Note note : state.notebook().notes()) {
            draw(canvas, top, note);
            top += CARD_HEIGHT + 32;
        }
        canvas.circle(930, 2130, 86, new Color(0xF5A623));
        canvas.line(896, 2130, 964, 2130, 11, Color.WHITE);
        canvas.line(930, 2096, 930, 2164, 11, Color.WHITE);
        touchables.onTap(840, 2040, 180, 180, "新建备忘", () -> navigation.open(new NoteEditorScreen(state, navigation)));
    }

    private static void draw(Canvas canvas, double top, Note note) {
        canvas.rounded(Theme.MARGIN, top, Theme.CARD_WIDTH, CARD_HEIGHT, 44, Theme.CARD);
        String[] lines = note.text().split("\n", 2);
        String rest = lines.length > 1 ? lines[1].replace('\n', ' ') : "没有更多内容";
        canvas.text(TextBlock.cut(lines[0], 888, Theme.TITLE), 96, top + 92, Theme.TITLE);
        canvas.text(TextBlock.cut(rest, 888, Theme.BODY), 96, top + 164, Theme.BODY.in(Theme.MUTED));
        canvas.text(note.changed(), 96, top + 232, Theme.DETAIL);
    }
}
