/** What reads are compared with: the bare statements that they cannot do without. */
@NullMarked
package dev.steptrail.bench.bare;

import org.jspecify.annotations.NullMarked;
