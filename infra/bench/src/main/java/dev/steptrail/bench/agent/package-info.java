/** What tracking costs a whole agent: time and memory of a process of its own. */
@NullMarked
package dev.steptrail.bench.agent;

import org.jspecify.annotations.NullMarked;
