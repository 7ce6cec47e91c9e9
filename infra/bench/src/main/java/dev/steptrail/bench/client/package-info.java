/** Measures the time of recording on the agent's thread. */
@NullMarked
package dev.steptrail.bench.client;

import org.jspecify.annotations.NullMarked;
