/** The firehose: how much goes from the kernel through the agent. */
@NullMarked
package dev.sallyport.bench.firehose;

import org.jspecify.annotations.NullMarked;
