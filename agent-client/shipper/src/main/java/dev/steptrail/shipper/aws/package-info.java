/** The few calls of AWS that shipping needs: signed by the AWS SDK's signer, sent by its HTTP client, without its service clients. */
@NullMarked
package dev.steptrail.shipper.aws;

import org.jspecify.annotations.NullMarked;
