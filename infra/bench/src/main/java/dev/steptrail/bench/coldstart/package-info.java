/** What a function takes from the start of its JVM to its first response, under the client that Lambda's own Java runtimes have. */
@NullMarked
package dev.steptrail.bench.coldstart;

import org.jspecify.annotations.NullMarked;
