package dev.steptrail.cli.doctor;

import dev.steptrail.cli.command.ApiCommand;
import dev.steptrail.cli.judging.TemporaryFolder;
import dev.steptrail.cli.phone.RunCommand;
import dev.steptrail.cli.shipping.DeliveryCheck;
import dev.steptrail.cli.shipping.OutboxCommand;
import dev.steptrail.cli.terminal.TextFormat;
import dev.steptrail.phone.model.ModelSettings;
import dev.steptrail.shipper.Doctor;
import dev.steptrail.shipper.Doctor.Finding;
import dev.steptrail.shipper.ShipException;
import dev.steptrail.shipper.Shipper;
import dev.steptrail.shipper.ShipperSettings;
import dev.steptrail.stepformat.FrameRole;
import dev.steptrail.stepformat.StepType;
import dev.steptrail.tracker.Screen;
import dev.steptrail.tracker.StepData;
import dev.steptrail.tracker.StepTracker;
import dev.steptrail.tracker.TrackedTask;
import dev.steptrail.tracker.internal.outbox.Outbox;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "doctor",
        description = {
            "Check whether this machine can record and ship, and operate phones.",
            "Checks the settings, credentials, queue, sender, bucket, clock, disk, encoder, outbox and delivery. Prints"
                    + " how to fix what failed. It sends one message without records, and stores one small object.",
            "For steptrail run, it checks adb, the attached phones if the adb server runs, and whether the model's server"
                    + " provides the model. A machine needs none of these to ship.",
            "If neither STEPTRAIL_QUEUE_URL nor STEPTRAIL_BUCKET is set, it does not check shipping.",
            "If STEPTRAIL_API and a token are set (STEPTRAIL_TOKEN, or steptrail login), it also sends a task with one step, waits until the API"
                    + " returns it, and deletes it."
        },
        exitCodeList = "1:at least one check failed",
        footer = {
            "  steptrail doctor",
            "  steptrail doctor --outbox outbox --wait 120",
            "  steptrail doctor --model-url http://localhost:8000/v1",
            OutboxCommand.SHIPPING_ENVIRONMENT + RunCommand.PHONE_VARIABLES + "%n" + ApiCommand.VARIABLES
        })
public final class DoctorCommand extends OutboxCommand {
    private static final Finding NO_SHIPPING = new Finding(
            "shipping",
            true,
            "not checked: set STEPTRAIL_QUEUE_URL and STEPTRAIL_BUCKET to deliver from this machine; until then,"
                    + " recordings remain in the outbox");

    @Option(
            names = "--wait",
            paramLabel = "SECONDS",
            description = "How long to wait until the API returns the task (default: 60).")
    private int waitSeconds = 60;

    @Option(
            names = "--model-url",
            paramLabel = "URL",
            description = "The model's API, as for steptrail run (default: $STEPTRAIL_MODEL_URL).")
    private @Nullable String modelUrl;

    @Option(
            names = "--model",
            paramLabel = "NAME",
            description = "The model, as for steptrail run (default: $STEPTRAIL_MODEL, or "
                    + ModelSettings.DEFAULT_MODEL + ").")
    private @Nullable String model;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Duration timeout = waitTimeout(waitSeconds);
        Finding outbox = checkOutbox(); // creates the folder if it is the default one
        boolean ships = isSet("STEPTRAIL_QUEUE_URL") || isSet("STEPTRAIL_BUCKET");
        List<Finding> findings = new ArrayList<>(new Doctor(environment()).runChecks(folder()));
        if (!ships) {
            findings.replaceAll(finding -> finding.what().equals("settings") ? NO_SHIPPING : finding);
        }
        boolean canShip = findings.stream()
                .allMatch(finding -> finding.ok() || finding.what().equals("disk"));
        findings.add(outbox);
        findings.addAll(new PhoneChecks(phoneSettings()).run());
        if (ships) {
            findings.add(checkDelivery(canShip, timeout));
        }
        for (Finding finding : findings) {
            println((finding.ok() ? "ok   " : "FAIL ") + finding.what() + ": " + finding.message());
        }
        return findings.stream().allMatch(Finding::ok) ? 0 : 1;
    }

    private boolean isSet(String variable) {
        return !environment().getOrDefault(variable, "").isBlank();
    }

    /** Returns the environment variables, in which the options replace the model. */
    private Map<String, String> phoneSettings() {
        Map<String, String> settings = new HashMap<>(environment());
        if (modelUrl != null) {
            settings.put("STEPTRAIL_MODEL_URL", modelUrl);
        }
        if (model != null) {
            settings.put("STEPTRAIL_MODEL", model);
        }
        return settings;
    }

    /** Returns the outbox folder; null if it is unknown. {@link #checkOutbox} reports the error. */
    private @Nullable Path folder() {
        try {
            return path();
        } catch (IOException e) {
            return null;
        }
    }

    private Finding checkOutbox() {
        try {
            Path folder = readOnlyOutbox().folder();
            boolean writable = Files.isWritable(folder);
            String access = writable
                    ? " is writable"
                    : " is not writable: give this user write permission, or mount it read-write; until then"
                            + " nothing can be recorded or shipped";
            return new Finding("outbox", writable, folder + access);
        } catch (IOException e) {
            return new Finding("outbox", false, TextFormat.errorMessage(e));
        }
    }

    private Finding checkDelivery(boolean canShip, Duration timeout) throws InterruptedException {
        try {
            DeliveryCheck check = DeliveryCheck.from(environment(), timeout, zone());
            if (!canShip) {
                return new Finding("delivery", false, "not checked: fix the failed checks above first");
            }
            if (check == null) {
                return new Finding(
                        "delivery",
                        true,
                        "not verified: set STEPTRAIL_API and run steptrail login (or set STEPTRAIL_TOKEN) to send, read back and delete a task");
            }
            String problem = sendTask(check);
            return new Finding(
                    "delivery",
                    problem == null,
                    problem == null ? "a task with a screenshot was sent, read back and deleted" : problem);
        } catch (IOException e) {
            return new Finding("delivery", false, TextFormat.errorMessage(e));
        }
    }

    /**
     * Sends a test task, then deletes it. Deletes it even if the delivery failed, because a part of it may be stored.
     *
     * @return what failed and what to do; null on success
     */
    private @Nullable String sendTask(DeliveryCheck check) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("steptrail-doctor");
        try {
            UUID task = recordTask(folder);
            String problem = deliver(task, folder, check);
            String deletionProblem = delete(task, check);
            if (problem == null || deletionProblem == null) {
                return problem == null ? deletionProblem : problem;
            }
            return problem + "; " + deletionProblem;
        } finally {
            TemporaryFolder.delete(folder);
        }
    }

    private @Nullable String deliver(UUID task, Path outbox, DeliveryCheck check) throws InterruptedException {
        try (Shipper shipper = Shipper.open(Outbox.open(outbox), ShipperSettings.from(environment()))
                .orElseThrow()) {
            shipper.shipAll();
        } catch (IOException | ShipException e) {
            return TextFormat.errorMessage(e);
        }
        return check.verify(task, null, 1, null);
    }

    private static @Nullable String delete(UUID task, DeliveryCheck check) {
        try {
            check.delete(task);
            return null;
        } catch (IOException e) {
            return "task " + task + " was not deleted (" + TextFormat.errorMessage(e)
                    + "): if the API returns it later, delete it"
                    + " with echo \"Authorization: Bearer $STEPTRAIL_TOKEN\" | curl -H @- -X DELETE \"$STEPTRAIL_API/api/tasks/"
                    + task + "\"";
        }
    }

    private static UUID recordTask(Path outbox) {
        BufferedImage image = new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB);
        try (StepTracker tracker = StepTracker.builder(outbox).shipping(false).build();
                TrackedTask task = tracker.startTask("steptrail doctor")) {
            task.record(StepData.ofType(StepType.COMPLETION)
                    .succeeded()
                    .frame(FrameRole.BEFORE, Screen.ofImage(image, false))
                    .build());
            task.succeeded(null);
            return task.id();
        }
    }
}
