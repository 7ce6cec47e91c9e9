/**
 * Generates histories of phone-agent runs with planted problems, and scores the results of rules. The generator does
 * not depend on the rules: it was written before them.
 */
@NullMarked
package dev.steptrail.insights.history;

import org.jspecify.annotations.NullMarked;
