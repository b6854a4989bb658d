/** The only package with native access: libbpf, libc, the ring. It knows nothing of events. */
@NullMarked
package dev.sallyport.agent.kernel;

import org.jspecify.annotations.NullMarked;
