/** Runner adapters: which job and step a process belongs to, per CI environment. */
@NullMarked
package dev.sallyport.spi.runner;

import org.jspecify.annotations.NullMarked;
