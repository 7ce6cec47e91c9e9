/** What it takes to read by HTTP, through the local cloud's gateway, among two million steps. */
@NullMarked
package dev.steptrail.bench.api;

import org.jspecify.annotations.NullMarked;
