#include "checksum.h"

unsigned checksum(const char *text) {
  unsigned sum = 0;

  while (*text != '\0') {
    sum += (unsigned char)*text++;
  }
  return sum;
}
