/** Measures the pages of the viewer in Chromium. */
@NullMarked
package dev.steptrail.bench.viewer;

import org.jspecify.annotations.NullMarked;
