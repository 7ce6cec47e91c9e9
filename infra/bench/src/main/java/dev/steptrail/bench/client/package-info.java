/** What recording costs the agent. */
@NullMarked
package dev.steptrail.bench.client;

import org.jspecify.annotations.NullMarked;
