/** The shipper's state file, and what a task still has to ship. Not API: this package may change in any release. */
package dev.steptrail.shipper.internal.state;
