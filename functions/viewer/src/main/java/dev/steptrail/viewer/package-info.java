/** The files of which the viewer's pages are made, as a browser loads them. */
@NullMarked
package dev.steptrail.viewer;

import org.jspecify.annotations.NullMarked;
