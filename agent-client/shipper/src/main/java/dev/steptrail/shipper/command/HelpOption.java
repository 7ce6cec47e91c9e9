package dev.steptrail.shipper.command;

import picocli.CommandLine.Option;

/** {@code --help}, which all commands have. */
final class HelpOption {
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help and end.")
    @SuppressWarnings("UnusedVariable") // picocli acts on it
    private boolean help;
}
