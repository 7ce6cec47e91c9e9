/** The viewer in a browser. */
@NullMarked
package dev.steptrail.bench.viewer;

import org.jspecify.annotations.NullMarked;
