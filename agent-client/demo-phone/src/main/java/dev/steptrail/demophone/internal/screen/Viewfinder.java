package dev.steptrail.demophone.internal.screen;

import dev.steptrail.demophone.internal.draw.Canvas;
import java.awt.Color;
import java.awt.geom.Arc2D;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;

/** The camera's image: flowers on a window sill with the rear lens, a person with the front lens. */
final class Viewfinder {
    private static final double TOP = 240;
    private static final double BOTTOM = 1780;
    private static final Rectangle2D AREA = new Rectangle2D.Double(0, TOP, Screen.WIDTH, BOTTOM - TOP);

    private Viewfinder() {}

    static void drawWindow(Canvas canvas) {
        canvas.inside(AREA, view -> {
            view.fill(AREA, new Color(0xD9CBB8));
            view.gradient(
                    new Rectangle2D.Double(170, 330, 740, 940), 330, new Color(0xA9D6F5), 1270, new Color(0xEAF6FD));
            view.rectangle(520, 330, 36, 940, new Color(0xF7F2EA));
            view.rectangle(170, 770, 740, 30, new Color(0xF7F2EA));
            view.stroke(new Rectangle2D.Double(170, 330, 740, 940), 40, new Color(0xF7F2EA));
            view.rectangle(90, 1290, 900, 84, new Color(0xB98D62));
            flower(view, 430, 900, new Color(0xF06292));
            flower(view, 540, 800, new Color(0xFFB74D));
            flower(view, 650, 910, new Color(0xBA68C8));
            view.polygon(new Color(0xC65D3B), 420, 1090, 660, 1090, 620, 1300, 460, 1300);
            view.rounded(402, 1066, 276, 56, 14, new Color(0xD9714E));
        });
        grid(canvas);
    }

    static void drawPerson(Canvas canvas) {
        canvas.inside(AREA, view -> {
            view.fill(AREA, new Color(0xC9D3DE));
            view.fill(new Ellipse2D.Double(190, 1240, 700, 1000), new Color(0x3E5C76));
            view.rectangle(480, 1120, 120, 170, new Color(0xE0A98A));
            view.fill(new Ellipse2D.Double(370, 640, 340, 400), new Color(0x3A2A22));
            view.fill(new Ellipse2D.Double(390, 720, 300, 440), new Color(0xF0BFA0));
            view.fill(new Arc2D.Double(380, 640, 320, 300, 10, 160, Arc2D.CHORD), new Color(0x3A2A22));
            view.circle(480, 920, 14, new Color(0x3A2A22));
            view.circle(600, 920, 14, new Color(0x3A2A22));
            view.stroke(new Arc2D.Double(485, 980, 110, 80, 200, 140, Arc2D.OPEN), 9, new Color(0xB5654A));
        });
        grid(canvas);
    }

    private static void flower(Canvas view, double x, double y, Color petals) {
        Path2D stem = new Path2D.Double();
        stem.moveTo(x, y);
        stem.quadTo(x, 1000, 540, 1110);
        view.stroke(stem, 14, new Color(0x4C8C4A));
        for (int petal = 0; petal < 6; petal++) {
            double angle = petal * Math.PI / 3;
            view.circle(x + 40 * Math.cos(angle), y + 40 * Math.sin(angle), 32, petals);
        }
        view.circle(x, y, 26, new Color(0xFFF1B8));
    }

    private static void grid(Canvas canvas) {
        Color line = new Color(255, 255, 255, 90);
        for (int third = 1; third <= 2; third++) {
            double x = third * Screen.WIDTH / 3.0;
            double y = TOP + third * (BOTTOM - TOP) / 3;
            canvas.line(x, TOP, x, BOTTOM, 2, line);
            canvas.line(0, y, Screen.WIDTH, y, 2, line);
        }
    }
}
