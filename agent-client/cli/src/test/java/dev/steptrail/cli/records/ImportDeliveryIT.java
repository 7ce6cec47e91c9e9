package dev.steptrail.cli.records;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.steptrail.shipper.Shipper;
import dev.steptrail.shipper.ShipperSettings;
import dev.steptrail.shipper.fixture.LocalAws;
import dev.steptrail.shipper.fixture.Screens;
import dev.steptrail.stepformat.Step;
import dev.steptrail.stepformat.StepRecord;
import dev.steptrail.tracker.internal.outbox.FolderLock;
import dev.steptrail.tracker.internal.outbox.Outbox;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** How steptrail import reports shipping and delivery. */
@Tag("slow")
class ImportDeliveryIT extends ImportTestBase {
    @Test
    void import_cannotShip_keepsTasksInOutbox() throws Exception {
        Path sample = Screens.sample("flight-launch-failed");
        Run wrong = run(
                aws.environment("AWS_SECRET_ACCESS_KEY", "wrong"),
                "import",
                "--outbox",
                outbox.toString(),
                sample.toString());
        assertFailed(wrong, "steptrail: AWS_SECRET_ACCESS_KEY does not match AWS_ACCESS_KEY_ID");
        assertThat(wrong.out()).contains("1 step, 1 screenshot");

        Run again = run(aws.environment(), "import", "--outbox", outbox.toString(), sample.toString());
        assertThat(again.exitCode()).isZero();
        assertThat(again.out()).contains("imported before and not yet shipped").contains("shipped 3 records");
    }

    @Test
    void import_tooLargeStep_isNamed_andRestIsShipped() throws Exception {
        LocalAws small = LocalAws.withMessagesUpTo(16 * 1024);
        Path recording = tooLarge();

        Run run = importing(small, recording, Screens.sample("torch-no-steps"));
        List<StepRecord> records = small.records();
        Run again = importing(small, recording);

        assertFailed(run, "steptrail: " + recording + ": shipped without step 2 (");
        assertThat(run.err()).contains(" bytes) (too large; kept in " + outbox.resolve("rejected"));
        assertThat(run.out()).contains("shipped 8 records", "; 1 line rejected" + System.lineSeparator());
        assertThat(records).hasSize(8).noneMatch(record -> record instanceof Step step && step.stepNumber() == 2);
        assertThat(again.err()).isEqualTo(run.err());
    }

    @Test
    void import_tooLargeStepShippedByAnotherProcess_isNamed() throws Exception {
        LocalAws small = LocalAws.withMessagesUpTo(16 * 1024);
        Path recording = tooLarge();
        Shipper other = Shipper.open(Outbox.open(outbox), ShipperSettings.from(small.environment()))
                .orElseThrow();
        CompletableFuture<Run> importing = CompletableFuture.supplyAsync(() -> importing(small, recording));
        while (!importing.isDone()) {
            other.shipAll();
            Thread.sleep(100);
        }
        other.close();

        assertFailed(importing.get(), "steptrail: " + recording + ": shipped without step 2 (");
        assertThat(other.counts().records()).isEqualTo(6);
    }

    @Test
    void import_startAndEndRejectedByQueue_namesBoth() throws Exception {
        LocalAws small = LocalAws.withMessagesUpTo(16 * 1024);
        Path recording = changed(json -> {
            ((ObjectNode) json.get("metadata")).put("description", incompressible(50_000));
            ((ObjectNode) json.withArray("steps").get(4).get("action_data")).put("message", incompressible(50_000));
        });

        Run run = importing(small, recording);

        assertThat(run.err())
                .matches("(?s)steptrail: \\Q" + recording + "\\E: shipped without the start \\(\\d+ bytes\\),"
                        + " step 5 \\(\\d+ bytes\\), the end \\(\\d+ bytes\\) \\(too large; kept in .*");
        assertThat(small.records()).hasSize(4);
        assertThat(Outbox.open(outbox).tasks()).isEmpty();
    }

    @Test
    void import_endLongerThanSearchLimit_namesRemainingTask() throws Exception {
        Path recording =
                changed(json -> ((ObjectNode) json.withArray("steps").get(4).get("action_data"))
                        .put("message", incompressible(2_000_000)));

        Run run = importing(recording);

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).startsWith("steptrail: " + recording + ": ").contains(" was not shipped completely");
        assertThat(aws.records()).hasSize(7);
    }

    @Test
    void import_pictureRejectedByEncoder_namesRecording() throws Exception {
        ByteArrayOutputStream drawn = new ByteArrayOutputStream();
        ImageIO.write(new BufferedImage(5000, 4000, BufferedImage.TYPE_BYTE_BINARY), "png", drawn);
        byte[] png = drawn.toByteArray();
        png[png.length - 13] ^= 1; // a wrong checksum, in a picture too large to be rewritten
        Path picture = Files.write(folder.resolve("screen.png"), png);
        Path recording = Screens.sample("flight-launch-failed");

        Run run = importing(recording, "--screenshot", picture);

        assertFailed(
                run, "steptrail: " + recording + ": shipped without 1 screenshot; see lost_screenshots in the steps");
        assertThat(run.out()).contains("shipped 3 records and 0 screenshots");
    }

    @Test
    void import_unshippableTask_isNamed_andOthersAreShipped() throws Exception {
        Path first = Screens.sample("flight-launch-failed");
        Path second = Screens.sample("torch-no-steps");
        String[] command = {"import", "--outbox", outbox.toString(), first.toString(), second.toString()};
        run(aws.environment("AWS_SECRET_ACCESS_KEY", "wrong"), command);
        UUID bad = Outbox.open(outbox).tasks().stream()
                .filter(task -> Files.isDirectory(task.folder().resolve("frames"))
                        && task.folder().resolve("frames").toFile().list().length > 0)
                .findFirst()
                .orElseThrow()
                .id();
        // A folder in place of the file: the count of shipped bytes can neither be read nor written.
        Files.createDirectories(outbox.resolve(bad + "/shipped/x"));

        Run run = run(aws.environment(), command);

        assertFailed(run, "steptrail: " + first + ": task " + bad + " was not shipped: ");
        assertThat(run.out()).contains("shipped 2 records and 0 screenshots; 1 task completed");
    }

    @Test
    void import_whileAnotherShips_waitsForOutbox() throws Exception {
        FolderLock lock = Outbox.open(outbox).tryLock().orElseThrow();
        CompletableFuture<Run> importing = CompletableFuture.supplyAsync(() -> run(
                aws.environment(),
                "import",
                "--outbox",
                outbox.toString(),
                Screens.sample("torch-no-steps").toString()));
        Thread.sleep(1_500);
        assertThat(importing).isNotDone();
        lock.close();

        Run run = importing.get(20, TimeUnit.SECONDS);
        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .contains("waiting for another process that is shipping " + outbox)
                .contains("shipped 2 records");
    }
}
