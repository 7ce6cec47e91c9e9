/** Browser tests of the viewer on the local cloud. */
package dev.steptrail.endtoend.viewer;
