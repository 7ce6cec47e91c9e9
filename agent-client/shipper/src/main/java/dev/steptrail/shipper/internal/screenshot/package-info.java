/** Encodes screenshots as WebP in a child process. Not API: this package may change in any release. */
package dev.steptrail.shipper.internal.screenshot;
