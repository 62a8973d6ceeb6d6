// Bytes in and out of a socket that does not block, as they are or over TLS: what has not arrived whole is kept until the
// rest comes, what the socket does not take is kept until it does.
#pragma once

#include <errno.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "program.h"

// The most that one receive takes, and the most that a frame may have.
enum { ROOM = 256 << 10 };

struct wire {
    int socket;
    SSL *tls;
    // Of what has been received, what has not been taken yet; from then on its own buffer of `ROOM` bytes receives.
    unsigned char *rest;
    size_t kept;
    // Of what is to be sent, what the socket has not taken yet.
    unsigned char *unsent;
    size_t unsent_count;
};

// What has arrived and not been taken.
struct arrival {
    unsigned char *bytes;
    size_t count;
};

enum outcome { DONE, LATER, ENDED };

static inline enum outcome outcome_of_tls(SSL *tls, int result) {
    int error = SSL_get_error(tls, result);
    ERR_clear_error();
    return error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE ? LATER : ENDED;
}

// Receives into `shared`, or behind what is kept. LATER: nothing has come; ENDED: nothing will.
static inline enum outcome wire_receive(struct wire *wire, unsigned char *shared, struct arrival *arrival) {
    unsigned char *buffer = wire->rest ? wire->rest : shared;
    void *into = buffer + wire->kept;
    size_t room = ROOM - wire->kept;
    ssize_t count = wire->tls ? SSL_read(wire->tls, into, (int)room) : recv(wire->socket, into, room, 0);
    if (count <= 0) {
        if (wire->tls) return outcome_of_tls(wire->tls, (int)count);
        return count < 0 && (errno == EAGAIN || errno == EINTR) ? LATER : ENDED;
    }
    *arrival = (struct arrival){buffer, wire->kept + count};
    return DONE;
}

// Keeps what was not taken of an arrival; false where it is more than fits.
static inline bool wire_keep(struct wire *wire, struct arrival arrival, size_t taken) {
    wire->kept = arrival.count - taken;
    if (wire->kept == 0) return true;
    if (wire->kept == ROOM) return false;
    if (!wire->rest && !(wire->rest = malloc(ROOM))) die("malloc");
    memmove(wire->rest, arrival.bytes + taken, wire->kept);
    return true;
}

// Whether more has arrived of which epoll knows nothing, because OpenSSL has taken it from the socket.
static inline bool wire_holds_more(const struct wire *wire) { return wire->tls && SSL_pending(wire->tls) > 0; }

// Sends what the socket takes, and says by `sent` how much that was.
static inline enum outcome wire_write(struct wire *wire, const unsigned char *bytes, size_t count, size_t *sent) {
    *sent = 0;
    while (*sent < count) {
        const void *next = bytes + *sent;
        size_t left = count - *sent;
        ssize_t done = wire->tls ? SSL_write(wire->tls, next, (int)left) : send(wire->socket, next, left, MSG_NOSIGNAL);
        if (done <= 0) {
            if (wire->tls) return outcome_of_tls(wire->tls, (int)done);
            return done < 0 && (errno == EAGAIN || errno == EINTR) ? LATER : ENDED;
        }
        *sent += done;
    }
    return DONE;
}

// Sends, in order, what waits. LATER: some of it still waits for the socket to be writable.
static inline enum outcome wire_flush(struct wire *wire) {
    if (wire->unsent_count == 0) return DONE;
    size_t sent;
    enum outcome outcome = wire_write(wire, wire->unsent, wire->unsent_count, &sent);
    wire->unsent_count -= sent;
    memmove(wire->unsent, wire->unsent + sent, wire->unsent_count);
    if (outcome == DONE) {
        free(wire->unsent);
        wire->unsent = NULL;
    }
    return outcome;
}

// Sends behind what waits. LATER: some of it waits for the socket to be writable.
static inline enum outcome wire_send(struct wire *wire, const unsigned char *bytes, size_t count) {
    size_t sent = 0;
    if (wire->unsent_count == 0) {
        enum outcome outcome = wire_write(wire, bytes, count, &sent);
        if (outcome != LATER) return outcome;
    }
    unsigned char *all = realloc(wire->unsent, wire->unsent_count + count - sent);
    if (!all) die("realloc");
    memcpy(all + wire->unsent_count, bytes + sent, count - sent);
    wire->unsent = all;
    wire->unsent_count += count - sent;
    return LATER;
}

static inline void wire_close(struct wire *wire) {
    if (wire->tls) {
        SSL_shutdown(wire->tls);
        SSL_free(wire->tls);
        ERR_clear_error();
    }
    close(wire->socket);
    free(wire->rest);
    free(wire->unsent);
    *wire = (struct wire){.socket = -1};
}

// What both ends want of OpenSSL; SIGPIPE has to be ignored, because OpenSSL does not say MSG_NOSIGNAL.
static inline void prepare_context(SSL_CTX *context) {
    if (!context) give_up("OpenSSL has no TLS");
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                                  SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
}
