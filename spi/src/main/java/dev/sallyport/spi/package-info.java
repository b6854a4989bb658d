/** The version of this SPI. */
@NullMarked
package dev.sallyport.spi;

import org.jspecify.annotations.NullMarked;
