package dev.steptrail.demophone;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** The faults that wait for commands. Thread-safe. */
public final class Faults {
    private final List<Rule> rules = new ArrayList<>();

    private record Rule(String part, Fault fault) {}

    /** Applies {@code fault} to the next command that contains {@code part}. */
    public void add(String part, Fault fault) {
        add(part, fault, 1);
    }

    /**
     * Applies {@code fault} to the next commands that contain {@code part}. If several faults match a command, the one
     * that was added first applies.
     *
     * @param times how many commands
     */
    public synchronized void add(String part, Fault fault, int times) {
        rules.addAll(Collections.nCopies(times, new Rule(part, fault)));
    }

    /** Removes all faults. */
    public synchronized void clear() {
        rules.clear();
    }

    /** Returns the fault for this command, and counts it as used. */
    public synchronized Optional<Fault> take(String command) {
        Optional<Rule> found =
                rules.stream().filter(rule -> command.contains(rule.part())).findFirst();
        found.ifPresent(rules::remove);
        return found.map(Rule::fault);
    }
}
