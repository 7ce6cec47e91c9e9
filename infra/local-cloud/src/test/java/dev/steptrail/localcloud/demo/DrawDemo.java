package dev.steptrail.localcloud.demo;

import com.sksamuel.scrimage.webp.CWebpHandler;
import dev.steptrail.demophone.internal.screen.Painter;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Regenerates the screens of the demo's run by playing its actions on the simulated phone. */
final class DrawDemo {
    private static final int QUALITY = 75;

    private DrawDemo() {}

    /** Writes the WebP files into the folder that is the only argument. Overwrites existing files. */
    public static void main(String[] arguments) throws IOException {
        Map<String, BufferedImage> screens = new LinkedHashMap<>();
        DemoScriptTest.play(DemoScript.read(), screens);
        CWebpHandler cwebp = new CWebpHandler();
        for (Map.Entry<String, BufferedImage> screen : screens.entrySet()) {
            byte[] webp = cwebp.convert(Painter.png(screen.getValue()), 6, QUALITY, 9, false, false, false);
            Files.write(Path.of(arguments[0], screen.getKey() + ".webp"), webp);
        }
    }
}
