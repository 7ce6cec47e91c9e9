package dev.steptrail.endtoend.viewer;

import dev.steptrail.endtoend.CloudProcess;
import dev.steptrail.endtoend.Imports;
import dev.steptrail.endtoend.Recording;
import dev.steptrail.localcloud.demo.Demo;
import dev.steptrail.stepformat.MemoryFolder;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.apache.commons.io.FileUtils;

/** A cloud that contains the samples and the demo's run, with the template's default lifetime of URLs. */
final class ViewerCloud {
    private static final ViewerCloud SHARED = start();

    private final CloudProcess cloud;
    private final Imports samples;
    private final String demo;

    private ViewerCloud(CloudProcess cloud, Imports samples, String demo) {
        this.cloud = cloud;
        this.samples = samples;
        this.demo = demo;
    }

    static CloudProcess cloud() {
        return SHARED.cloud;
    }

    /** Returns the task id of a sample. */
    static String sample(String name) {
        return SHARED.samples.taskOf(name + ".json");
    }

    /** Returns the task id of the demo's run. */
    static String demo() {
        return SHARED.demo;
    }

    private static ViewerCloud start() {
        try {
            Path data = MemoryFolder.create();
            CloudProcess cloud = CloudProcess.startHasty(data);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                cloud.close();
                FileUtils.deleteQuietly(data.toFile());
            }));
            return new ViewerCloud(cloud, Imports.into(cloud, Recording.SAMPLES), demoIn(cloud));
        } catch (Exception e) {
            throw new IllegalStateException("the viewer's cloud does not start", e);
        }
    }

    private static String demoIn(CloudProcess cloud) throws Exception {
        Path outbox = MemoryFolder.create();
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        new Demo(cloud.environment(), outbox, new PrintStream(output, true, StandardCharsets.UTF_8)).run();
        FileUtils.deleteQuietly(outbox.toFile());
        return output.toString(StandardCharsets.UTF_8).replaceFirst("(?s).*?of task ([0-9a-f-]{36}):.*", "$1");
    }
}
