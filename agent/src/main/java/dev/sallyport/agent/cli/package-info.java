/** The command line. */
@NullMarked
package dev.sallyport.agent.cli;

import org.jspecify.annotations.NullMarked;
