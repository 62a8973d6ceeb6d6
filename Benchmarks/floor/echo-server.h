// What the parts of the echo server share: what it was asked to do, one of its threads, and one connection.
#pragma once

#include <openssl/ssl.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "wire.h"

struct server_options {
    int port, threads;
    SSL_CTX *tls;
    // Every answer to a message is sent so long after the message has come.
    int64_t delay_ns;
    // So long nothing is answered at all, in every period; the first begins in the middle of the first period.
    int64_t stall_ns, stall_period_ns;
    // So many messages of `push_size` bytes go to every connection, that often, unasked.
    int push_count, push_size;
    int64_t push_interval_ns;
    bool accepts_compression;
};

struct connection {
    struct wire wire;
    bool is_open, is_closing;
    // How many answers that wait for their time, and functions at work, refer to it.
    unsigned users;
    struct connection *previous, *next;
};

// An answer that waits for its time.
struct delayed_answer {
    int64_t due;
    struct connection *connection;
    unsigned char *bytes;
    size_t count;
    bool is_last;
};

struct server_thread {
    const struct server_options *options;
    int set, listener;
    unsigned char *buffer;
    struct connection *connections;
    // All are delayed by as much, so the first to come is the first to be due: a ring, of `delayed_room` places.
    struct delayed_answer *delayed;
    size_t delayed_first, delayed_count, delayed_room;
    // A burst to push, as frames, and when the next is due.
    unsigned char *burst;
    size_t burst_count;
    int64_t push_due;
};

// echo-connection.c: what one connection sends and is sent.
void accept_connections(struct server_thread *thread);
void serve_connection(struct server_thread *thread, struct connection *connection, uint32_t events);
void send_answer(struct server_thread *thread, struct connection *connection, const unsigned char *bytes, size_t count,
                 bool is_last);
void close_connection(struct server_thread *thread, struct connection *connection);

// echo-timing.c: what is not sent at once.
void wait_out_stall(const struct server_options *options);
void delay_answer(struct server_thread *thread, struct connection *connection, const unsigned char *bytes, size_t count,
                  bool is_last);
void send_delayed_answers(struct server_thread *thread);
void prepare_burst(struct server_thread *thread);
void push_bursts(struct server_thread *thread);
int64_t next_due(const struct server_thread *thread);
