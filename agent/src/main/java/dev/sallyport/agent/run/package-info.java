/** A command as a job. */
@NullMarked
package dev.sallyport.agent.run;

import org.jspecify.annotations.NullMarked;
