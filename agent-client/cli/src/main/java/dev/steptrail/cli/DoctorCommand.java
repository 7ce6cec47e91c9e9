package dev.steptrail.cli;

import dev.steptrail.shipper.Doctor;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Command;

/** {@code steptrail doctor}: whether shipping can work from here. */
@Command(
        name = "doctor",
        description = {
            "Look whether shipping can work from this machine: settings, credentials, queue, sender, bucket, clock,"
                    + " disk, encoder.",
            "A line each: ok, or what to do. Exit code 1 if something is to be done. It sends one message without records and"
                    + " stores one small object."
        })
final class DoctorCommand extends OutboxCommand {
    @Override
    public Integer call() throws IOException {
        List<Doctor.Finding> findings = new Doctor(environment()).examine(existingOutbox());
        for (Doctor.Finding finding : findings) {
            lines().println((finding.ok() ? "ok   " : "BAD  ") + finding.what() + ": " + finding.message());
        }
        return findings.stream().allMatch(Doctor.Finding::ok) ? 0 : 1;
    }
}
