// SPDX-License-Identifier: Apache-2.0
/*
 * Opens TCP connections to itself over loopback, one after the other, a byte on each.
 * usage: sockets COUNT
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

static void check(int ok, const char *what)
{
	if (!ok) {
		perror(what);
		exit(71);
	}
}

int main(int count, char **words)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
	struct linger at_once = {1, 0}; /* a reset in place of TIME_WAIT: ports do not run out */
	socklen_t size = sizeof(address);
	int listener;

	if (count != 2) {
		fprintf(stderr, "usage: sockets COUNT\n");
		return 64;
	}
	listener = socket(AF_INET, SOCK_STREAM, 0);
	check(listener >= 0, "socket");
	check(bind(listener, (struct sockaddr *)&address, size) == 0, "bind");
	check(listen(listener, 16) == 0, "listen");
	check(getsockname(listener, (struct sockaddr *)&address, &size) == 0, "getsockname");
	for (long i = atol(words[1]); i > 0; i--) {
		int client = socket(AF_INET, SOCK_STREAM, 0), server;
		char byte = 1;

		check(client >= 0, "socket");
		check(connect(client, (struct sockaddr *)&address, sizeof(address)) == 0, "connect");
		server = accept(listener, NULL, NULL);
		check(server >= 0, "accept");
		check(write(client, &byte, 1) == 1, "write");
		check(read(server, &byte, 1) == 1, "read");
		setsockopt(client, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
		close(client);
		close(server);
	}
	return 0;
}
