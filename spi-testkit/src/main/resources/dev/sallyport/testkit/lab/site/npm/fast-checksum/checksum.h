#ifndef FAST_CHECKSUM_H
#define FAST_CHECKSUM_H

/* The sum of the octets of a string. */
unsigned checksum(const char *text);

#endif
