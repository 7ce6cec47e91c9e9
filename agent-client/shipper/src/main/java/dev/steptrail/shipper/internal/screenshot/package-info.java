/** Encodes screenshots as WebP by a child process. Not API: this package may change in any release. */
package dev.steptrail.shipper.internal.screenshot;
