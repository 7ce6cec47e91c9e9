/** Generates histories of phone-agent runs with planted problems, and scores the results of rules. */
@NullMarked
package dev.steptrail.insights.history;

import org.jspecify.annotations.NullMarked;
