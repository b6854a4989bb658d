#include <stdio.h>
#include <string.h>

#include "checksum.h"

int main(void) {
  char line[4096];

  while (fgets(line, sizeof(line), stdin) != NULL) {
    line[strcspn(line, "\n")] = '\0';
    printf("%u\n", checksum(line));
  }
  return 0;
}
