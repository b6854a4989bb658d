/** From the kernel's numbers to jobs, steps and processes. */
@NullMarked
package dev.sallyport.agent.correlation;

import org.jspecify.annotations.NullMarked;
