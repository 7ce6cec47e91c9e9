/** Signing in by OpenID Connect, and the tokens that are stored for later commands. */
@NullMarked
package dev.steptrail.cli.login;

import org.jspecify.annotations.NullMarked;
