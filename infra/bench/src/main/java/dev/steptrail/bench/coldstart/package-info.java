/** Measures the cold start of functions under Lambda's runtime interface client. */
@NullMarked
package dev.steptrail.bench.coldstart;

import org.jspecify.annotations.NullMarked;
