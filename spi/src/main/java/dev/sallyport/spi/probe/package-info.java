/** Probes: one kind of activity each, observed from the kernel with eBPF. */
@NullMarked
package dev.sallyport.spi.probe;

import org.jspecify.annotations.NullMarked;
