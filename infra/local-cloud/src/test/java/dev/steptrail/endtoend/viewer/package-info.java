/** The viewer as a person uses it: in a browser, on the local cloud. */
package dev.steptrail.endtoend.viewer;
