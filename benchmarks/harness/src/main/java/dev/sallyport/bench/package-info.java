/** Measures the agent from outside, as its users run it. */
@NullMarked
package dev.sallyport.bench;

import org.jspecify.annotations.NullMarked;
