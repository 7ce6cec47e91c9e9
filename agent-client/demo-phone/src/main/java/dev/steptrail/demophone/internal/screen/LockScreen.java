package dev.steptrail.demophone.internal.screen;

import dev.steptrail.demophone.internal.draw.Canvas;
import dev.steptrail.demophone.internal.draw.TextStyle;
import dev.steptrail.demophone.internal.draw.Weight;
import dev.steptrail.demophone.state.PhoneState;
import java.awt.Color;
import java.time.format.DateTimeFormatter;

/** What a locked phone shows. Nothing on it reacts to touches. */
public final class LockScreen implements Screen {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm");

    private final PhoneState state;

    public LockScreen(PhoneState state) {
        this.state = state;
    }

    @Override
    public void draw(Canvas canvas, Touchables touchables) {
        Wallpaper.draw(canvas);
        canvas.textCentered(
                TIME.format(state.now()), WIDTH / 2.0, 620, new TextStyle(216, Weight.REGULAR, Color.WHITE));
        canvas.textCentered("输入密码以解锁", WIDTH / 2.0, 2180, Theme.BODY.in(Color.WHITE));
    }

    @Override
    public boolean dark() {
        return true;
    }
}
