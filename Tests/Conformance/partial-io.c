// A network at its worst, for any program: preloaded, it lets every call on a non-blocking stream socket move at most
// PARTIAL_IO_BYTES bytes, and answers every second call on a socket, in each direction, with EAGAIN. Both are what a
// kernel may do at any time. When the process ends it prints how often it did so; a direction with none is one for
// which the program uses other calls than those below. The program has to wait for its sockets with poll or
// level-triggered epoll: no edge tells of what was refused here.
//
//     cc -O2 -shared -fPIC -o partial-io.so partial-io.c
//     PARTIAL_IO_BYTES=7 LD_PRELOAD=./partial-io.so wsplan run PLAN
//
// Five system calls for each byte would put the machine to the test, not the program: a peer that gives it ten seconds
// for some MiB has gone by then. So many pieces are one call to the kernel, in ways that keep its answers true:
//
// - What has arrived is only looked at (MSG_PEEK), handed out piece by piece, and taken from the kernel with the last
//   piece. While there is more to hand out the kernel has something to read, too; the end of the stream comes after.
// - The pieces of a send that is shortened are gathered, and go out with its last piece, or when there is no room for
//   another. The last piece is never kept here, so a message that the program is done with is with the kernel.
// - Who waits with epoll is told without the kernel that the socket used last is ready, where that one can go on
//   without the kernel. Every so often the kernel is asked all the same, as it knows of all others.

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

enum { DESCRIPTORS = 1 << 16 };
// Bytes asked of the kernel, or given to it, at once.
enum { CAPACITY = 1 << 16 };
// One wait in so many is the kernel's at least: nothing else is held up for longer than that many pieces take.
enum { WAITS_PER_KERNEL_WAIT = 32 };

enum direction { IN, OUT };

static size_t limit = 1;
static atomic_ullong shortened[2], refused[2];

// The function of that name behind ours.
#define NEXT(name)                          \
    static _Atomic(__typeof__(&name)) next; \
    if (!next) next = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

static ssize_t kernel_recv(int descriptor, void *buffer, size_t count, int flags) {
    NEXT(recv);
    return next(descriptor, buffer, count, flags);
}

static ssize_t kernel_send(int descriptor, const void *bytes, size_t count, int flags) {
    NEXT(send);
    return next(descriptor, bytes, count, flags);
}

// What is known of an open descriptor.
struct socket {
    // Asked once: asking costs as much as a call.
    enum { UNKNOWN, LIMITED, FREE } kind;
    // Whether the next call is refused.
    int refuses[2];
    // What the kernel has to read, of which the first `handed_out` bytes are handed out, and never all.
    unsigned char *arrived;
    size_t arrived_count, handed_out;
    // What the program has sent and the kernel has not got. There is always room for another piece.
    unsigned char *gathered;
    size_t gathered_count;
    // Whether the latest piece was sent, or gathered, and not stopped by the kernel.
    int takes_more;
    // The epoll set that watches it, and for what: no events where nobody does, or not level-triggered.
    int set;
    struct epoll_event watched;
};

// By descriptor; each under the lock of the same number.
static struct socket sockets[DESCRIPTORS];
static pthread_mutex_t locks[DESCRIPTORS] = {[0 ... DESCRIPTORS - 1] = PTHREAD_MUTEX_INITIALIZER};

// The socket that this thread has used last. It may be closed by now.
static _Thread_local int latest = -1;

static void fail(const char *what) {
    fprintf(stderr, "partial-io: %s\n", what);
    abort();
}

static unsigned char *buffer_of(unsigned char **place) {
    if (!*place && !(*place = malloc(CAPACITY))) fail("out of memory");
    return *place;
}

// The socket behind a descriptor, locked; null, and nothing is locked, where its calls are not limited.
static struct socket *lock_limited(int descriptor) {
    if (descriptor < 0 || descriptor >= DESCRIPTORS) return NULL;
    struct socket *socket = &sockets[descriptor];
    pthread_mutex_lock(&locks[descriptor]);
    if (socket->kind == UNKNOWN) {
        int kept = errno, type, flags = fcntl(descriptor, F_GETFL);
        socklen_t length = sizeof type;
        int is_stream = getsockopt(descriptor, SOL_SOCKET, SO_TYPE, &type, &length) == 0 && type == SOCK_STREAM;
        socket->kind = is_stream && flags >= 0 && (flags & O_NONBLOCK) != 0 ? LIMITED : FREE;
        errno = kept;
    }
    if (socket->kind == LIMITED) return socket;
    pthread_mutex_unlock(&locks[descriptor]);
    return NULL;
}

// Reduces `*count` to what this call may move. False where the call is refused, with errno set.
static int allows(struct socket *socket, enum direction direction, size_t *count) {
    if (socket->refuses[direction]) {
        socket->refuses[direction] = 0;
        atomic_fetch_add_explicit(&refused[direction], 1, memory_order_relaxed);
        errno = EAGAIN;
        return 0;
    }
    socket->refuses[direction] = 1;
    if (*count > limit) {
        atomic_fetch_add_explicit(&shortened[direction], 1, memory_order_relaxed);
        *count = limit;
    }
    return 1;
}

// A recv() of one piece.
static ssize_t receive_piece(struct socket *socket, int descriptor, void *buffer, size_t count, int flags) {
    if (socket->arrived_count == 0) {
        ssize_t found = kernel_recv(descriptor, buffer_of(&socket->arrived), CAPACITY, flags | MSG_PEEK);
        if (found <= 0) return found;
        socket->arrived_count = found;
    }
    size_t left = socket->arrived_count - socket->handed_out;
    if (count > left) count = left;
    memcpy(buffer, socket->arrived + socket->handed_out, count);
    if (flags & MSG_PEEK) return count;
    socket->handed_out += count;
    if (count < left) return count;
    // All of it waits to be read, if not in one call.
    for (ssize_t taken; socket->handed_out > 0; socket->handed_out -= taken)
        if ((taken = kernel_recv(descriptor, socket->arrived, socket->handed_out, 0)) <= 0)
            fail("somebody else has read what was to be handed out");
    socket->arrived_count = 0;
    return count;
}

// A send() of one piece, which others follow or not.
static ssize_t send_piece(
    struct socket *socket, int descriptor, const void *bytes, size_t count, int flags, int is_last) {
    memcpy(buffer_of(&socket->gathered) + socket->gathered_count, bytes, count);
    size_t total = socket->gathered_count + count;
    socket->takes_more = 1;
    if (!is_last && total + limit <= CAPACITY) {
        socket->gathered_count = total;
        return count;
    }
    ssize_t sent = kernel_send(descriptor, socket->gathered, total, flags);
    if (sent > 0 && (size_t)sent > socket->gathered_count) {
        count = sent - socket->gathered_count;
        socket->gathered_count = 0;
        return count;
    }
    // Nothing of this piece is on its way, so that the program will send it again, if it can.
    socket->takes_more = 0;
    if (sent < 0) {
        if (errno != EAGAIN) socket->gathered_count = 0;
        return -1;
    }
    socket->gathered_count -= sent;
    memmove(socket->gathered, socket->gathered + sent, socket->gathered_count);
    errno = EAGAIN;
    return -1;
}

// The limited forms of recv() and send(), for a socket that is locked. They unlock it.

static ssize_t limited_recv(struct socket *socket, int descriptor, void *buffer, size_t count, int flags) {
    latest = descriptor;
    ssize_t result = -1;
    if (allows(socket, IN, &count)) result = receive_piece(socket, descriptor, buffer, count, flags);
    pthread_mutex_unlock(&locks[descriptor]);
    return result;
}

static ssize_t limited_send(struct socket *socket, int descriptor, const void *bytes, size_t count, int flags) {
    latest = descriptor;
    ssize_t result = -1;
    size_t asked = count;
    if (allows(socket, OUT, &count)) result = send_piece(socket, descriptor, bytes, count, flags, count == asked);
    pthread_mutex_unlock(&locks[descriptor]);
    return result;
}

// Sends what is gathered on a socket that the program ends: the beginning of something that it breaks off. What the
// kernel has no room for is lost.
static void send_gathered(struct socket *socket, int descriptor) {
    if (socket->gathered_count > 0) kernel_send(descriptor, socket->gathered, socket->gathered_count, MSG_NOSIGNAL);
    socket->gathered_count = 0;
}

ssize_t recv(int descriptor, void *buffer, size_t count, int flags) {
    struct socket *socket = lock_limited(descriptor);
    if (!socket) return kernel_recv(descriptor, buffer, count, flags);
    return limited_recv(socket, descriptor, buffer, count, flags);
}

ssize_t read(int descriptor, void *buffer, size_t count) {
    NEXT(read);
    struct socket *socket = lock_limited(descriptor);
    if (!socket) return next(descriptor, buffer, count);
    return limited_recv(socket, descriptor, buffer, count, 0);
}

ssize_t send(int descriptor, const void *bytes, size_t count, int flags) {
    struct socket *socket = lock_limited(descriptor);
    if (!socket) return kernel_send(descriptor, bytes, count, flags);
    return limited_send(socket, descriptor, bytes, count, flags);
}

ssize_t write(int descriptor, const void *bytes, size_t count) {
    NEXT(write);
    struct socket *socket = lock_limited(descriptor);
    if (!socket) return next(descriptor, bytes, count);
    return limited_send(socket, descriptor, bytes, count, 0);
}

// FIONREAD does not count what was handed out.
int ioctl(int descriptor, unsigned long request, ...) {
    NEXT(ioctl);
    va_list arguments;
    va_start(arguments, request);
    void *argument = va_arg(arguments, void *);
    va_end(arguments);
    struct socket *socket = request == FIONREAD ? lock_limited(descriptor) : NULL;
    if (!socket) return next(descriptor, request, argument);
    int result = next(descriptor, request, argument);
    if (result == 0) *(int *)argument -= (int)socket->handed_out;
    pthread_mutex_unlock(&locks[descriptor]);
    return result;
}

int shutdown(int descriptor, int how) {
    NEXT(shutdown);
    struct socket *socket = how == SHUT_RD ? NULL : lock_limited(descriptor);
    if (socket) {
        send_gathered(socket, descriptor);
        pthread_mutex_unlock(&locks[descriptor]);
    }
    return next(descriptor, how);
}

int close(int descriptor) {
    NEXT(close);
    if (descriptor >= 0 && descriptor < DESCRIPTORS) {
        // Before it is closed: from then on the number may be another socket's.
        struct socket *socket = &sockets[descriptor];
        pthread_mutex_lock(&locks[descriptor]);
        send_gathered(socket, descriptor);
        free(socket->arrived);
        free(socket->gathered);
        *socket = (struct socket){0};
        pthread_mutex_unlock(&locks[descriptor]);
    }
    return next(descriptor);
}

int epoll_ctl(int set, int operation, int descriptor, struct epoll_event *event) {
    NEXT(epoll_ctl);
    int result = next(set, operation, descriptor, event);
    if (result == 0 && descriptor < DESCRIPTORS) {
        int is_level = operation != EPOLL_CTL_DEL && (event->events & (EPOLLET | EPOLLONESHOT)) == 0;
        pthread_mutex_lock(&locks[descriptor]);
        sockets[descriptor].set = set;
        sockets[descriptor].watched = is_level ? *event : (struct epoll_event){0};
        pthread_mutex_unlock(&locks[descriptor]);
    }
    return result;
}

// Whether a socket is in `set` and can go on without the kernel, and how.
static int is_ready(int descriptor, int set, struct epoll_event *event) {
    const struct socket *socket = &sockets[descriptor];
    pthread_mutex_lock(&locks[descriptor]);
    *event = socket->watched;
    event->events &= (socket->arrived_count > 0 ? EPOLLIN : 0) | (socket->takes_more ? EPOLLOUT : 0);
    int is_watched = socket->set == set;
    pthread_mutex_unlock(&locks[descriptor]);
    return is_watched && event->events != 0;
}

int epoll_wait(int set, struct epoll_event *events, int capacity, int milliseconds) {
    NEXT(epoll_wait);
    static _Thread_local int waits;
    if (latest >= 0 && capacity > 0 && ++waits < WAITS_PER_KERNEL_WAIT && is_ready(latest, set, events)) return 1;
    waits = 0;
    return next(set, events, capacity, milliseconds);
}

__attribute__((constructor)) static void configure(void) {
    const char *bytes = getenv("PARTIAL_IO_BYTES");
    if (bytes) limit = strtoull(bytes, NULL, 10);
    if (limit == 0 || limit > CAPACITY) {
        fprintf(stderr, "partial-io: PARTIAL_IO_BYTES is not a number of bytes from 1 to %d\n", CAPACITY);
        exit(2);
    }
}

__attribute__((destructor)) static void report(void) {
    static const char *names[] = {"in", "out"};
    for (int i = IN; i <= OUT; i++)
        fprintf(stderr, "partial-io: %s shortened=%llu refused=%llu\n", names[i], (unsigned long long)shortened[i],
                (unsigned long long)refused[i]);
}
