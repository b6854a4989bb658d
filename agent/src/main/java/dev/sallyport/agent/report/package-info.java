/** What a person reads after a job, and while it runs. */
@NullMarked
package dev.sallyport.agent.report;

import org.jspecify.annotations.NullMarked;
