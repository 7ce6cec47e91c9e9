/** The OpenID Connect issuer of a local cloud, and the verification of its tokens. */
@NullMarked
package dev.steptrail.localcloud.identity;

import org.jspecify.annotations.NullMarked;
