/* Sends requests over several connections at once, each the next one when the answer is there.

   usage: client PORT CONNECTIONS REQUESTS REQUEST
   REQUEST is a size in bytes for bytes that are echoed, or the text of an HTTP request's path,
   which begins with a slash; then the size of the answer is found out by the first one. */

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { MOST_DESCRIPTORS = 1024, ROOM = 262144 };

static char request[ROOM], answer[ROOM];
static long left[MOST_DESCRIPTORS];

static int connected(int port) {
    int one = 1, fd = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(fd, (void *)&address, sizeof address)) exit(2);
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    return fd;
}

static void ask(int fd, long size, long answer_size) {
    left[fd] = answer_size;
    if (send(fd, request, size, 0) != size) exit(3);
}

/* An HTTP answer comes in one or two pieces; the body is five bytes long. */
static long size_of_http_answer(int fd, long size) {
    long got = 0;
    if (send(fd, request, size, 0) != size) exit(3);
    while (got < 9 || memcmp(answer + got - 9, "\r\n\r\nhello", 9)) {
        long more = recv(fd, answer + got, ROOM - got, 0);
        if (more <= 0) exit(4);
        got += more;
    }
    return got;
}

int main(int count, char **words) {
    if (count != 5) return 1;
    int port = atoi(words[1]), connections = atoi(words[2]);
    long requests = atol(words[3]), size, answer_size = 0, asked = 0, answered = 0;
    int http = words[4][0] == '/', poll = epoll_create1(0);
    if (http) {
        size = snprintf(request, ROOM, "GET %s HTTP/1.1\r\nHost: bench\r\n\r\n", words[4]);
    } else {
        size = answer_size = atol(words[4]);
        memset(request, 'x', size);
    }
    for (int number = 0; number < connections; number++) {
        int fd = connected(port);
        struct epoll_event readable = {.events = EPOLLIN, .data.fd = fd};
        epoll_ctl(poll, EPOLL_CTL_ADD, fd, &readable);
        if (http && number == 0) answer_size = size_of_http_answer(fd, size);
        ask(fd, size, answer_size);
        asked++;
    }
    while (answered < requests) {
        struct epoll_event ready[64];
        int events = epoll_wait(poll, ready, 64, -1);
        for (int at = 0; at < events; at++) {
            int fd = ready[at].data.fd;
            long got = recv(fd, answer, ROOM, 0);
            if (got <= 0) return 5;
            if ((left[fd] -= got) > 0) continue;
            answered++;
            if (asked < requests) {
                ask(fd, size, answer_size);
                asked++;
            }
        }
    }
    return 0;
}
