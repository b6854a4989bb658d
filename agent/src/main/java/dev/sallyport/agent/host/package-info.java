/** Probes as plugins: found, checked, loaded, isolated. It knows nothing of jobs. */
@NullMarked
package dev.sallyport.agent.host;

import org.jspecify.annotations.NullMarked;
