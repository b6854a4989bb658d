/** The way of an event from the ring to its consumers. */
@NullMarked
package dev.sallyport.agent.pipeline;

import org.jspecify.annotations.NullMarked;
