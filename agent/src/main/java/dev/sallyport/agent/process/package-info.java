/** The core probe: processes of jobs, and whose they are. */
@NullMarked
package dev.sallyport.agent.process;

import org.jspecify.annotations.NullMarked;
