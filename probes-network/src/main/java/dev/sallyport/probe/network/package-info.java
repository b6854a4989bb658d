/** What a job says to the network: connections, DNS, TLS server names. */
@NullMarked
package dev.sallyport.probe.network;

import org.jspecify.annotations.NullMarked;
