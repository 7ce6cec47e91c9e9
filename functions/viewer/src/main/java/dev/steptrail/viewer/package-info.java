/** The viewer's static files, which the API serves to browsers. */
@NullMarked
package dev.steptrail.viewer;

import org.jspecify.annotations.NullMarked;
