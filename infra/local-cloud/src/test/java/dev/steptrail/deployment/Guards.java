package dev.steptrail.deployment;

import java.util.ArrayList;
import java.util.List;

/** Checks that a deployed template has the properties that protect its data. */
final class Guards {
    private Guards() {}

    /** Returns one line for each missing property. */
    static List<String> missing(TemplateTree template) {
        List<String> missing = new ArrayList<>();
        List.of(
                        new StorageGuards(template, missing),
                        new FunctionGuards(template, missing),
                        new NetworkGuards(template, missing))
                .forEach(GuardSet::check);
        return missing;
    }
}
