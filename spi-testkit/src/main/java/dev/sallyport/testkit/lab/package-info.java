/**
 * The lab: a DNS, a web and a few echo servers in network namespaces of their own, which stand for
 * the internet on one machine that has none.
 *
 * <p>{@link dev.sallyport.testkit.lab.Lab} is the way in; tests share one through {@link
 * dev.sallyport.testkit.lab.LabExtension}.
 */
@NullMarked
package dev.sallyport.testkit.lab;

import org.jspecify.annotations.NullMarked;
