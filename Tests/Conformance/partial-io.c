// A network at its worst, for any program: preloaded, it lets every call on a non-blocking stream socket move at most
// PARTIAL_IO_BYTES bytes, and answers every second call on a socket, in each direction, with EAGAIN. Both are what a
// kernel may do at any time. When the process ends it prints how often it did so; a direction with none is one for which
// the program uses other calls than those below.
//
//     cc -O2 -shared -fPIC -o partial-io.so partial-io.c
//     PARTIAL_IO_BYTES=7 LD_PRELOAD=./partial-io.so wsplan run PLAN

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

enum { DESCRIPTORS = 1 << 16 };
enum direction { IN, OUT };

static size_t limit = 1;
static atomic_ullong shortened[2], refused[2];

// Whether the next call is refused. Of the descriptor, not of the connection: a new one may begin with either.
static _Atomic unsigned char refuses[DESCRIPTORS][2];

// Whether calls on a descriptor are limited, asked once for each: asking costs as much as the call.
static _Atomic unsigned char kinds[DESCRIPTORS];
enum { UNKNOWN, LIMITED, FREE };

static int is_limited(int descriptor) {
    if (descriptor < 0 || descriptor >= DESCRIPTORS) return 0;
    if (kinds[descriptor] == UNKNOWN) {
        int kept = errno, type, flags = fcntl(descriptor, F_GETFL);
        socklen_t length = sizeof type;
        int is_stream = getsockopt(descriptor, SOL_SOCKET, SO_TYPE, &type, &length) == 0 && type == SOCK_STREAM;
        kinds[descriptor] = is_stream && flags >= 0 && (flags & O_NONBLOCK) != 0 ? LIMITED : FREE;
        errno = kept;
    }
    return kinds[descriptor] == LIMITED;
}

// Reduces `*count` to what this call may move. False where the call is refused, with errno set.
static int allows(int descriptor, enum direction direction, size_t *count) {
    if (!is_limited(descriptor)) return 1;
    if (atomic_fetch_xor(&refuses[descriptor][direction], 1)) {
        atomic_fetch_add(&refused[direction], 1);
        errno = EAGAIN;
        return 0;
    }
    if (*count > limit) {
        atomic_fetch_add(&shortened[direction], 1);
        *count = limit;
    }
    return 1;
}

// The function of that name behind ours.
#define NEXT(name)                  \
    static __typeof__(&name) next;  \
    if (!next) next = (__typeof__(next))dlsym(RTLD_NEXT, #name)

ssize_t recv(int descriptor, void *buffer, size_t count, int flags) {
    NEXT(recv);
    return allows(descriptor, IN, &count) ? next(descriptor, buffer, count, flags) : -1;
}

ssize_t send(int descriptor, const void *bytes, size_t count, int flags) {
    NEXT(send);
    return allows(descriptor, OUT, &count) ? next(descriptor, bytes, count, flags) : -1;
}

ssize_t read(int descriptor, void *buffer, size_t count) {
    NEXT(read);
    return allows(descriptor, IN, &count) ? next(descriptor, buffer, count) : -1;
}

ssize_t write(int descriptor, const void *bytes, size_t count) {
    NEXT(write);
    return allows(descriptor, OUT, &count) ? next(descriptor, bytes, count) : -1;
}

int close(int descriptor) {
    NEXT(close);
    if (descriptor >= 0 && descriptor < DESCRIPTORS) kinds[descriptor] = UNKNOWN;
    return next(descriptor);
}

__attribute__((constructor)) static void configure(void) {
    const char *bytes = getenv("PARTIAL_IO_BYTES");
    if (bytes && (limit = strtoull(bytes, NULL, 10)) == 0) {
        fprintf(stderr, "partial-io: PARTIAL_IO_BYTES is not a number of bytes\n");
        exit(2);
    }
}

__attribute__((destructor)) static void report(void) {
    static const char *names[] = {"in", "out"};
    for (int i = IN; i <= OUT; i++)
        fprintf(stderr, "partial-io: %s shortened=%llu refused=%llu\n", names[i], (unsigned long long)shortened[i],
                (unsigned long long)refused[i]);
}
