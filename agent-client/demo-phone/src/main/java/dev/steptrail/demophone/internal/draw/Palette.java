package dev.steptrail.demophone.internal.draw;

import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Reduces an image to 256 colors. Starts with one color, then repeatedly adds the color whose pixels have the largest
 * total error with the colors so far. Finally, it maps each pixel to the nearest color.
 */
final class Palette {
    private static final int MOST = 256;

    private final int[] colors;
    private final int[] counts;
    private final int[] distances;
    private final int[] indexes;
    private final int[] palette;

    private Palette(Map<Integer, Integer> histogram) {
        colors = histogram.keySet().stream().mapToInt(Integer::intValue).toArray();
        counts = histogram.values().stream().mapToInt(Integer::intValue).toArray();
        distances = new int[colors.length];
        indexes = new int[colors.length];
        palette = new int[Math.min(MOST, colors.length)];
        Arrays.fill(distances, Integer.MAX_VALUE);
        for (int taken = 0; taken < palette.length; taken++) {
            take(taken, colors[worstOff()]);
        }
    }

    static BufferedImage reduce(BufferedImage image) {
        int width = image.getWidth();
        int height = image.getHeight();
        int[] pixels = image.getRGB(0, 0, width, height, null, 0, width);
        Palette palette = new Palette(histogram(pixels));
        BufferedImage reduced = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_INDEXED, palette.model());
        reduced.getRaster().setSamples(0, 0, width, height, 0, palette.indexes(pixels));
        return reduced;
    }

    private static Map<Integer, Integer> histogram(int[] pixels) {
        Map<Integer, Integer> counts = new HashMap<>();
        int start = 0;
        for (int i = 1; i <= pixels.length; i++) {
            if (i == pixels.length || pixels[i] != pixels[start]) {
                counts.merge(pixels[start], i - start, Integer::sum);
                start = i;
            }
        }
        return new TreeMap<>(counts);
    }

    private int worstOff() {
        int worst = 0;
        for (int i = 1; i < colors.length; i++) {
            if ((long) counts[i] * distances[i] > (long) counts[worst] * distances[worst]) {
                worst = i;
            }
        }
        return worst;
    }

    private void take(int index, int color) {
        palette[index] = color;
        for (int i = 0; i < colors.length; i++) {
            int distance = distance(colors[i], color);
            if (distance < distances[i]) {
                distances[i] = distance;
                indexes[i] = index;
            }
        }
    }

    private int[] indexes(int[] pixels) {
        int[] samples = new int[pixels.length];
        for (int i = 0; i < pixels.length; i++) {
            samples[i] = i > 0 && pixels[i] == pixels[i - 1]
                    ? samples[i - 1]
                    : indexes[Arrays.binarySearch(colors, pixels[i])];
        }
        return samples;
    }

    private IndexColorModel model() {
        return new IndexColorModel(8, palette.length, palette, 0, false, -1, DataBuffer.TYPE_BYTE);
    }

    private static int distance(int a, int b) {
        int red = ((a >> 16) & 0xFF) - ((b >> 16) & 0xFF);
        int green = ((a >> 8) & 0xFF) - ((b >> 8) & 0xFF);
        int blue = (a & 0xFF) - (b & 0xFF);
        return red * red + green * green + blue * blue;
    }
}
