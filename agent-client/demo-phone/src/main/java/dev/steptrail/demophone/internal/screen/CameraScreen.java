package dev.steptrail.demophone.internal.screen;

import dev.steptrail.demophone.internal.draw.Canvas;
import dev.steptrail.demophone.internal.draw.TextStyle;
import dev.steptrail.demophone.internal.draw.Weight;
import java.awt.Color;
import java.awt.geom.Arc2D;
import java.util.List;

/** The camera: its modes and its lens can be changed, but the shutter is broken and never fires. */
final class CameraScreen implements Screen {
    private static final List<String> MODES = List.of("夜景", "人像", "拍照", "录像", "全景");
    private static final TextStyle MODE = new TextStyle(40, Weight.REGULAR, Color.WHITE);
    private static final TextStyle CHOSEN_MODE = new TextStyle(40, Weight.BOLD, new Color(0xFFD257));

    private String mode = "拍照";
    private boolean front;

    @Override
    public void draw(Canvas canvas, Touchables touchables) {
        canvas.rectangle(0, 0, WIDTH, HEIGHT, new Color(0x0B0C10));
        if (front) {
            Viewfinder.drawPerson(canvas);
        } else {
            Viewfinder.drawWindow(canvas);
        }
        zoom(canvas);
        for (int i = 0; i < MODES.size(); i++) {
            String name = MODES.get(i);
            double center = WIDTH / 2.0 + (i - 2) * 190;
            canvas.textCentered(name, center, 1904, name.equals(mode) ? CHOSEN_MODE : MODE);
            touchables.onTap(center - 95, 1840, 190, 100, () -> mode = name);
        }
        shutter(canvas, touchables);
        canvas.rounded(134, 2058, 128, 128, 28, new Color(0x2A2D36));
        canvas.textCentered("无", 198, 2138, MODE.in(Theme.MUTED));
        turn(canvas);
        touchables.onTap(810, 2040, 164, 164, "切换镜头", () -> front = !front);
    }

    @Override
    public boolean dark() {
        return true;
    }

    private void zoom(Canvas canvas) {
        canvas.rounded(390, 1660, 300, 92, 46, new Color(0, 0, 0, 110));
        canvas.circle(540, 1706, 40, new Color(255, 255, 255, 60));
        canvas.textCentered("0.6", 444, 1719, MODE);
        canvas.textCentered("1×", 540, 1719, CHOSEN_MODE);
        canvas.textCentered("2", 636, 1719, MODE);
    }

    private void shutter(Canvas canvas, Touchables touchables) {
        canvas.ring(540, 2122, 112, 10, Color.WHITE);
        canvas.circle(540, 2122, 92, mode.equals("录像") ? new Color(0xE5484D) : Color.WHITE);
        touchables.onTap(420, 2002, 240, 240, "快门", () -> {});
    }

    private static void turn(Canvas canvas) {
        canvas.circle(892, 2122, 64, new Color(0x2A2D36));
        canvas.stroke(new Arc2D.Double(862, 2092, 60, 60, 20, 130, Arc2D.OPEN), 7, Color.WHITE);
        canvas.stroke(new Arc2D.Double(862, 2092, 60, 60, 200, 130, Arc2D.OPEN), 7, Color.WHITE);
        canvas.polyline(7, Color.WHITE, 922, 2090, 920, 2112, 898, 2110);
        canvas.polyline(7, Color.WHITE, 862, 2154, 864, 2132, 886, 2134);
    }
}
