/** An agent that operates a phone with an AutoGLM model. */
@NullMarked
package dev.steptrail.phone.autoglm;

import org.jspecify.annotations.NullMarked;
