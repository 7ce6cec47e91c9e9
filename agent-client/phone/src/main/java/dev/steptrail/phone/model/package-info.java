/** Calls a model by the OpenAI chat completions API. */
@NullMarked
package dev.steptrail.phone.model;

import org.jspecify.annotations.NullMarked;
