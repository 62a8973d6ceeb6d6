// The least that a client can spend on a WebSocket echo: plain threads in epoll_wait, one message in flight for each
// connection, a fresh mask for each frame, nothing measured but the whole. What wsplan spends beyond it is its own.
//
//     floor-client PORT CONNECTIONS THREADS SECONDS

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { PAYLOAD = 64, REQUEST_FRAME = 2 + 4 + PAYLOAD, ECHO_FRAME = 2 + PAYLOAD, EVENTS = 128 };

static int port;
static int64_t end_ns;

struct worker {
    pthread_t thread;
    int connections;
    uint64_t messages;
};

static _Noreturn void die(const char *what) {
    perror(what);
    exit(1);
}

static int64_t now_ns(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

// Four bytes that were never used before (RFC 6455 section 10.3), fetched 64 keys at a time.
static uint32_t fresh_mask(void) {
    static _Thread_local uint32_t keys[64];
    static _Thread_local unsigned used = 64;
    if (used == 64) {
        if (getentropy(keys, sizeof keys) != 0) die("getentropy");
        used = 0;
    }
    return keys[used++];
}

// One final text frame of 64 bytes, masked eight bytes at a time.
static void send_message(int connection) {
    static const uint64_t payload[PAYLOAD / 8] = {
        0x6161616161616161, 0x6262626262626262, 0x6363636363636363, 0x6464646464646464,
        0x6565656565656565, 0x6666666666666666, 0x6767676767676767, 0x6868686868686868,
    };
    unsigned char frame[REQUEST_FRAME] = {0x81, 0x80 | PAYLOAD};
    uint32_t mask = fresh_mask();
    uint64_t wide = (uint64_t)mask << 32 | mask;
    memcpy(frame + 2, &mask, 4);
    for (int i = 0; i < PAYLOAD / 8; i++) {
        uint64_t masked = payload[i] ^ wide;
        memcpy(frame + 6 + 8 * i, &masked, 8);
    }
    if (send(connection, frame, sizeof frame, MSG_NOSIGNAL) != sizeof frame) die("send");
}

// Connects and shakes hands, blocking.
static int open_connection(void) {
    int connection = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connection < 0) die("socket");
    int on = 1;
    setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(connection, (struct sockaddr *)&address, sizeof address) != 0) die("connect");

    char head[1024];
    int length = snprintf(head, sizeof head,
                          "GET / HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                          "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
                          port);
    if (send(connection, head, length, MSG_NOSIGNAL) != length) die("send");
    int count = 0;
    while (count < 4 || memcmp(head + count - 4, "\r\n\r\n", 4) != 0) {
        if (count == sizeof head || recv(connection, head + count, 1, 0) != 1) die("handshake");
        count++;
    }
    if (strncmp(head, "HTTP/1.1 101", 12) != 0) {
        fprintf(stderr, "the server did not answer 101\n");
        exit(1);
    }
    return connection;
}

static void *run(void *argument) {
    struct worker *worker = argument;
    int set = epoll_create1(EPOLL_CLOEXEC);
    int *missing = calloc(worker->connections, sizeof *missing);
    int *sockets = calloc(worker->connections, sizeof *sockets);
    if (set < 0 || !missing || !sockets) die("setting up");
    for (int i = 0; i < worker->connections; i++) {
        sockets[i] = open_connection();
        missing[i] = ECHO_FRAME;
        struct epoll_event event = {.events = EPOLLIN, .data.u32 = i};
        if (epoll_ctl(set, EPOLL_CTL_ADD, sockets[i], &event) != 0) die("epoll_ctl");
    }
    for (int i = 0; i < worker->connections; i++) send_message(sockets[i]);

    static _Thread_local unsigned char buffer[64 << 10];
    while (now_ns() < end_ns) {
        struct epoll_event events[EVENTS];
        int ready = epoll_wait(set, events, EVENTS, 100);
        for (int i = 0; i < ready; i++) {
            int index = events[i].data.u32;
            ssize_t count = recv(sockets[index], buffer, sizeof buffer, MSG_DONTWAIT);
            if (count < 0 && (errno == EAGAIN || errno == EINTR)) continue;
            if (count <= 0) die("recv");
            missing[index] -= count;
            if (missing[index] > 0) continue;
            missing[index] = ECHO_FRAME;
            worker->messages++;
            send_message(sockets[index]);
        }
    }
    return NULL;
}

int main(int argc, char **argv) {
    if (argc != 5) {
        fprintf(stderr, "usage: floor-client PORT CONNECTIONS THREADS SECONDS\n");
        return 2;
    }
    port = atoi(argv[1]);
    int connections = atoi(argv[2]), threads = atoi(argv[3]);
    double seconds = atof(argv[4]);
    if (threads < 1 || connections < threads || seconds <= 0) {
        fprintf(stderr, "floor-client: at least one thread, and a connection for each\n");
        return 2;
    }
    end_ns = now_ns() + (int64_t)(seconds * 1e9);

    struct worker *workers = calloc(threads, sizeof *workers);
    if (!workers) die("calloc");
    for (int i = 0; i < threads; i++) {
        workers[i].connections = connections / threads + (i < connections % threads);
        if (pthread_create(&workers[i].thread, NULL, run, &workers[i]) != 0) die("pthread_create");
    }
    uint64_t messages = 0;
    for (int i = 0; i < threads; i++) {
        pthread_join(workers[i].thread, NULL);
        messages += workers[i].messages;
    }
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    double user = usage.ru_utime.tv_sec + usage.ru_utime.tv_usec / 1e6;
    double system = usage.ru_stime.tv_sec + usage.ru_stime.tv_usec / 1e6;
    printf("connections=%d threads=%d seconds=%.3f messages=%llu user_seconds=%.3f system_seconds=%.3f "
           "microseconds_per_echo=%.3f\n",
           connections, threads, seconds, (unsigned long long)messages, user, system,
           (user + system) * 1e6 / (messages ? messages : 1));
    return 0;
}
