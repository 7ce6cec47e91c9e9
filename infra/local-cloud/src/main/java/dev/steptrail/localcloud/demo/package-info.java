/** The demo: replays a committed run through tracker, shipper, ingest and API. */
@NullMarked
package dev.steptrail.localcloud.demo;

import org.jspecify.annotations.NullMarked;
