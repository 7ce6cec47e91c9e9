/** S3 by S3Proxy, in a folder. */
@NullMarked
package dev.steptrail.localcloud.storage;

import org.jspecify.annotations.NullMarked;
