package dev.steptrail.demophone.internal.draw;

import static java.awt.Color.WHITE;

import java.awt.Color;
import java.awt.geom.Arc2D;
import java.awt.geom.Path2D;

/** The shapes of the icons, each in a square of 100 by 100 units. */
final class Figures {
    private Figures() {}

    static void gear(Canvas c) {
        for (int tooth = 0; tooth < 8; tooth++) {
            double angle = tooth * Math.PI / 4;
            c.line(
                    50 + 22 * Math.cos(angle),
                    50 + 22 * Math.sin(angle),
                    50 + 28 * Math.cos(angle),
                    50 + 28 * Math.sin(angle),
                    11,
                    WHITE);
        }
        c.ring(50, 50, 17, 13, WHITE);
    }

    static void camera(Canvas c) {
        c.polygon(WHITE, 36, 34, 42, 24, 58, 24, 64, 34);
        c.rounded(18, 32, 64, 44, 9, WHITE);
        c.circle(50, 54, 16, new Color(0x374151));
        c.circle(50, 54, 8, new Color(0x8FB8FF));
        c.circle(73, 41, 3, new Color(0x374151));
    }

    static void sunBehindCloud(Canvas c) {
        c.circle(62, 40, 17, new Color(0xFFD65A));
        cloud(c);
    }

    static void cloud(Canvas c) {
        c.circle(36, 58, 13, WHITE);
        c.circle(51, 52, 17, WHITE);
        c.circle(66, 60, 11, WHITE);
        c.rounded(24, 56, 53, 15, 7.5, WHITE);
    }

    static void lines(Canvas c) {
        c.rounded(25, 20, 50, 60, 7, WHITE);
        Color ink = new Color(0xF5A623);
        c.line(35, 36, 65, 36, 5, ink);
        c.line(35, 49, 65, 49, 5, ink);
        c.line(35, 62, 53, 62, 5, ink);
    }

    static void calendar(Canvas c) {
        c.rounded(22, 24, 56, 54, 8, WHITE);
        c.rectangle(22, 37, 56, 4, new Color(0xE5484D));
        c.line(36, 19, 36, 29, 6, WHITE);
        c.line(64, 19, 64, 29, 6, WHITE);
        for (int day = 0; day < 6; day++) {
            c.circle(36 + day % 3 * 14, 52 + day / 3 * 14, 4, new Color(0xE5484D));
        }
    }

    static void clock(Canvas c) {
        c.circle(50, 50, 32, WHITE);
        c.line(50, 50, 50, 30, 5, new Color(0x1B1E2E));
        c.line(50, 50, 64, 57, 5, new Color(0x1B1E2E));
        c.circle(50, 50, 4, new Color(0xE5484D));
    }

    static void mountains(Canvas c) {
        c.rounded(20, 24, 60, 52, 8, WHITE);
        c.circle(64, 39, 6, new Color(0xF5A623));
        c.polygon(new Color(0x7C4DFF), 26, 70, 43, 44, 58, 70);
        c.polygon(new Color(0xB57BFF), 48, 70, 62, 52, 74, 70);
    }

    static void note(Canvas c) {
        c.circle(36, 68, 10, WHITE);
        c.circle(66, 62, 10, WHITE);
        c.polyline(6, WHITE, 43, 67, 43, 32, 73, 25, 73, 61);
        c.polygon(WHITE, 43, 30, 73, 23, 73, 35, 43, 42);
    }

    static void handset(Canvas c) {
        Path2D handset = new Path2D.Double();
        handset.moveTo(32, 28);
        handset.curveTo(30, 52, 48, 70, 72, 68);
        c.stroke(handset, 11, WHITE);
        c.line(32, 27, 38, 38, 13, WHITE);
        c.line(62, 62, 73, 68, 13, WHITE);
    }

    static void bubble(Canvas c) {
        c.rounded(20, 26, 60, 40, 16, WHITE);
        c.polygon(WHITE, 32, 60, 32, 80, 52, 62);
        for (int dot = 0; dot < 3; dot++) {
            c.circle(37 + dot * 13, 46, 4, new Color(0x12A594));
        }
    }

    static void globe(Canvas c) {
        c.ring(50, 50, 29, 5, WHITE);
        c.stroke(new Arc2D.Double(37, 21, 26, 58, 0, 360, Arc2D.OPEN), 5, WHITE);
        c.line(21, 50, 79, 50, 5, WHITE);
    }

    static void person(Canvas c) {
        c.circle(50, 38, 14, WHITE);
        c.fill(new Arc2D.Double(24, 56, 52, 48, 0, 180, Arc2D.CHORD), WHITE);
    }

    static void waves(Canvas c) {
        for (int wave = 1; wave <= 3; wave++) {
            double radius = wave * 15 - 4;
            c.stroke(new Arc2D.Double(50 - radius, 70 - radius, radius * 2, radius * 2, 45, 90, Arc2D.OPEN), 7, WHITE);
        }
        c.circle(50, 70, 5, WHITE);
    }

    static void rune(Canvas c) {
        c.polyline(6, WHITE, 33, 36, 66, 65, 50, 80, 50, 20, 66, 35, 33, 64);
    }

    static void speaker(Canvas c) {
        c.polygon(WHITE, 22, 41, 34, 41, 50, 27, 50, 73, 34, 59, 22, 59);
        c.stroke(new Arc2D.Double(48, 38, 20, 24, -60, 120, Arc2D.OPEN), 6, WHITE);
        c.stroke(new Arc2D.Double(44, 26, 38, 48, -60, 120, Arc2D.OPEN), 6, WHITE);
    }

    static void sun(Canvas c) {
        c.circle(50, 50, 15, WHITE);
        for (int ray = 0; ray < 8; ray++) {
            double angle = ray * Math.PI / 4;
            c.line(
                    50 + 24 * Math.cos(angle),
                    50 + 24 * Math.sin(angle),
                    50 + 31 * Math.cos(angle),
                    50 + 31 * Math.sin(angle),
                    6,
                    WHITE);
        }
    }

    static void bell(Canvas c) {
        c.fill(new Arc2D.Double(30, 24, 40, 44, 0, 180, Arc2D.CHORD), WHITE);
        c.polygon(WHITE, 30, 45, 70, 45, 77, 66, 23, 66);
        c.circle(50, 73, 7, WHITE);
    }

    static void battery(Canvas c) {
        c.rounded(42, 18, 16, 12, 4, WHITE);
        c.rounded(32, 25, 36, 57, 8, WHITE);
        c.polygon(new Color(0x22A55B), 54, 34, 39, 56, 49, 56, 46, 73, 61, 50, 51, 50);
    }

    static void lock(Canvas c) {
        c.rounded(28, 46, 44, 34, 8, WHITE);
        c.stroke(new Arc2D.Double(36, 24, 28, 40, 0, 180, Arc2D.OPEN), 7, WHITE);
        c.circle(50, 62, 5, new Color(0x12A594));
    }

    static void squares(Canvas c) {
        for (int square = 0; square < 4; square++) {
            c.rounded(25 + square % 2 * 27, 25 + square / 2 * 27, 22, 22, 6, WHITE);
        }
    }

    static void letter(Canvas c) {
        c.circle(50, 29, 6, WHITE);
        c.line(50, 46, 50, 73, 11, WHITE);
    }
}
