package dev.steptrail.insights;

import java.util.List;

/** Looks at an owner's runs, whatever was asked in each. Thread-safe. */
interface OwnerRule {
    List<Insight> of(OwnerHistory history);
}
