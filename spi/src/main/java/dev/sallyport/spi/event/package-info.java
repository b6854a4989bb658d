/** What a probe saw: typed events that describe their own attributes. */
@NullMarked
package dev.sallyport.spi.event;

import org.jspecify.annotations.NullMarked;
