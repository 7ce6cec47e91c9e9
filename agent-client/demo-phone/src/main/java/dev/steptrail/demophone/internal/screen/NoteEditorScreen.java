package dev.steptrail.demophone.internal.screen;

import dev.steptrail.demophone.internal.draw.Canvas;
import dev.steptrail.demophone.internal.draw.TextBlock;
import dev.steptrail.demophone.state.Notebook.Note;
import dev.steptrail.demophone.state.PhoneState;
import java.awt.Color;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;

/** A new note. A tap on the page focuses it and shows the keyboard; leaving the screen saves the text. */
final class NoteEditorScreen implements Screen {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm");
    private static final double LINE = 78;

    private final PhoneState state;
    private final Navigation navigation;
    private final TextField page = new TextField();

    NoteEditorScreen(PhoneState state, Navigation navigation) {
        this.state = state;
        this.navigation = navigation;
    }

    @Override
    public void draw(Canvas canvas, Touchables touchables) {
        canvas.rectangle(0, 0, WIDTH, HEIGHT, Color.WHITE);
        AppBar.draw(canvas, touchables, "新备忘", navigation);
        canvas.textEndingAt("完成", 1010, 235, Theme.BODY.in(Theme.ACCENT));
        touchables.onTap(860, 150, 200, 130, navigation::back);
        canvas.text("今天 " + TIME.format(state.now()), 72, 346, Theme.DETAIL);
        touchables.onField(0, 380, WIDTH, HEIGHT - 480.0, page);
        if (page.text().isEmpty() && !page.focused()) {
            canvas.text("写点什么…", 72, 450, Theme.BODY.in(Theme.MUTED));
        }
        TextBlock.draw(canvas, page.text(), 72, 450, WIDTH - 144.0, LINE, Theme.BODY);
        if (page.focused()) {
            drawCursor(canvas);
            Keyboard.draw(canvas.withoutTexts(), touchables.outsideTree(), page);
        }
    }

    @Override
    public Optional<TextField> focused() {
        return page.focused() ? Optional.of(page) : Optional.empty();
    }

    @Override
    public void left() {
        if (!page.text().isBlank()) {
            state.notebook().add(new Note(page.text(), "今天 " + TIME.format(state.now())));
        }
    }

    private void drawCursor(Canvas canvas) {
        List<String> lines = TextBlock.lines(page.textBeforeCursor(), WIDTH - 144.0, Theme.BODY);
        double x = 76 + Theme.BODY.width(lines.get(lines.size() - 1));
        double baseline = 450 + LINE * (lines.size() - 1);
        canvas.line(x, baseline - 42, x, baseline + 10, 5, Theme.ACCENT);
    }
}
