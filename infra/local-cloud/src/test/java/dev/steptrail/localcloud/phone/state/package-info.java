/** What the simulated phone remembers, apart from how it is shown. */
@NullMarked
package dev.steptrail.localcloud.phone.state;

import org.jspecify.annotations.NullMarked;
