/** The demo, which replays a stored task through tracker, shipper, ingest and API. */
@NullMarked
package dev.steptrail.localcloud.demo;

import org.jspecify.annotations.NullMarked;
