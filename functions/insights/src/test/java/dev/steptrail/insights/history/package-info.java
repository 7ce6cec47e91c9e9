/**
 * Generates histories of phone-agent runs with known problems planted in them, and scores what rules find. The generator does not know the
 * rules: it was written before them.
 */
@NullMarked
package dev.steptrail.insights.history;

import org.jspecify.annotations.NullMarked;
