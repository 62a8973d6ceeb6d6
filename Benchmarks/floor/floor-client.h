// What the parts of the floor client share: what it was asked to do, one of its threads, and one connection.
#pragma once

#include <openssl/ssl.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <zlib.h>

#include "frame.h"
#include "handshake.h"
#include "histogram.h"
#include "wire.h"

enum mode {
    // Keeps `in_flight` messages in flight on each connection.
    ECHO,
    // Sends `rate` messages a second, on one connection after another, whatever comes back.
    RATE,
    // Only receives.
    RECEIVE,
    // Pings on each connection at an interval.
    IDLE,
    // Connects and closes, `sessions` times in all.
    STORM,
};

struct client_options {
    enum mode mode;
    int port, threads, connections, in_flight, sessions;
    double rate, seconds;
    int64_t ping_interval_ns;
    const unsigned char *payload;
    size_t payload_length;
    SSL_CTX *tls;
    // Offers permessage-deflate without context takeover, and compresses each message by this level of zlib's.
    bool compresses;
    int level;
    bool measures_latency;
};

// What all threads have to know of each other. The load lasts from when all connections are open.
struct run {
    struct client_options options;
    int64_t launched_ns;
    _Atomic int open, unstarted_sessions;
    _Atomic int64_t start_ns;
};

enum state { CLOSED, CONNECTING, SECURING, ASKING, OPEN, CLOSING };

struct connection {
    struct wire wire;
    uint8_t state;
    char key[KEY_LENGTH + 1];
    // When messages without an answer were sent, or due: a ring; no ring where nobody asks.
    int64_t *sent;
    unsigned sent_first, sent_count;
};

struct counts {
    uint64_t connects, sent, received, pongs;
    int64_t first_send_ns, last_send_ns;
};

struct worker {
    struct run *run;
    int index, set, most_connections;
    struct connection *connections;
    // The next connection to open, and how many are being opened; how many are not closed yet.
    int next_connection, opening, unclosed;
    bool is_closing;
    struct counts counts;
    // Histograms of nanoseconds, where they are asked for.
    struct histogram *latency, *lag;
    struct mask_keys masks;
    // What has just been received, and messages about to be sent.
    unsigned char *input, *output;
    size_t output_count, output_room;
    z_stream deflater, inflater;
    unsigned char *inflated;
    // RATE: how many of this worker's messages have been sent. IDLE: connections in the order of their pings.
    uint64_t next_message;
    int *ping_order;
    int64_t *ping_due;
    int pings_first, pings_count;
};

// floor-connection.c: from connecting to closing.
void open_connection(struct worker *worker, struct connection *connection);
void open_more_connections(struct worker *worker);
void serve_connection(struct worker *worker, struct connection *connection, uint32_t events);
// Until the socket takes what it has not.
void wait_for_room(struct worker *worker, struct connection *connection);
void begin_closing(struct worker *worker, struct connection *connection);

// floor-messages.c: frames, written and read.
void prepare_messages(struct worker *worker);
void append_message(struct worker *worker);
void append_control(struct worker *worker, unsigned opcode, const unsigned char *payload, size_t length);
void flush_output(struct worker *worker, struct connection *connection);
void check_message(struct worker *worker, const struct frame *frame, unsigned char *payload);

// floor-modes.c: what is sent, and when.
void has_opened(struct worker *worker, struct connection *connection);
void have_received(struct worker *worker, struct connection *connection, unsigned messages);
void has_closed(struct worker *worker, struct connection *connection);
void do_what_is_due(struct worker *worker);
int64_t next_due(const struct worker *worker);
bool has_finished(const struct worker *worker);
