/** What it takes to read screenshots' URLs by HTTP, through the local cloud's gateway. */
@NullMarked
package dev.steptrail.bench.api;

import org.jspecify.annotations.NullMarked;
