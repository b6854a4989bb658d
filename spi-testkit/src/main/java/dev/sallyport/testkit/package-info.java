/** Tests of probes: a decoder fed with bytes, a probe in the real host on the real kernel. */
@NullMarked
package dev.sallyport.testkit;

import org.jspecify.annotations.NullMarked;
