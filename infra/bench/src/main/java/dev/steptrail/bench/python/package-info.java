/** Measures the recorder of the Python package. */
@NullMarked
package dev.steptrail.bench.python;

import org.jspecify.annotations.NullMarked;
