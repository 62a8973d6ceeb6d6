// One connection of the floor client, from connecting to its end: a real handshake, with a key of its own and the proof
// checked, frames, and the closing handshake, after which the server is the one to end the connection (RFC 6455 section 7.1.1).

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <sys/epoll.h>

#include "clock.h"
#include "floor-client.h"

// How many connections one thread opens at a time: fewer than a server's backlog.
enum { MOST_OPENING = 64 };

static void watch(struct worker *worker, struct connection *connection, int operation, uint32_t events) {
    struct epoll_event event = {.events = events, .data.ptr = connection};
    if (epoll_ctl(worker->set, operation, connection->wire.socket, &event) != 0) die("epoll_ctl");
}

void wait_for_room(struct worker *worker, struct connection *connection) {
    watch(worker, connection, EPOLL_CTL_MOD, EPOLLIN | EPOLLOUT);
}

void open_connection(struct worker *worker, struct connection *connection) {
    int client = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), on = 1;
    if (client < 0) die("socket");
    setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(worker->run->options.port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(client, (struct sockaddr *)&address, sizeof address) != 0 && errno != EINPROGRESS) die("connect");
    connection->wire.socket = client;
    connection->state = CONNECTING;
    worker->opening++;
    worker->unclosed++;
    watch(worker, connection, EPOLL_CTL_ADD, EPOLLOUT);
}

void open_more_connections(struct worker *worker) {
    while (worker->opening < MOST_OPENING && worker->next_connection < worker->most_connections)
        open_connection(worker, &worker->connections[worker->next_connection++]);
}

static void ask(struct worker *worker, struct connection *connection) {
    unsigned char random[16];
    for (int i = 0; i < 16; i += 4) memcpy(random + i, next_mask(&worker->masks), 4);
    EVP_EncodeBlock((unsigned char *)connection->key, random, sizeof random);
    char request[512];
    int length = snprintf(request, sizeof request,
                          "GET / HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                          "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: %s\r\n%s\r\n",
                          worker->run->options.port, connection->key,
                          worker->run->options.compresses ? "Sec-WebSocket-Extensions: permessage-deflate; "
                                                            "server_no_context_takeover; client_no_context_takeover\r\n"
                                                          : "");
    connection->state = ASKING;
    watch(worker, connection, EPOLL_CTL_MOD, EPOLLIN);
    if (wire_send(&connection->wire, (unsigned char *)request, length) != DONE) die("sending the request");
}

static void secure(struct worker *worker, struct connection *connection) {
    int result = SSL_do_handshake(connection->wire.tls);
    if (result == 1) return ask(worker, connection);
    int error = SSL_get_error(connection->wire.tls, result);
    if (error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE) {
        ERR_print_errors_fp(stderr);
        give_up("floor-client: the handshake of TLS has failed");
    }
    watch(worker, connection, EPOLL_CTL_MOD, error == SSL_ERROR_WANT_READ ? EPOLLIN : EPOLLOUT);
}

static void has_connected(struct worker *worker, struct connection *connection) {
    int error = 0;
    socklen_t length = sizeof error;
    getsockopt(connection->wire.socket, SOL_SOCKET, SO_ERROR, &error, &length);
    if (error != 0) {
        errno = error;
        die("connect");
    }
    if (!worker->run->options.tls) return ask(worker, connection);
    if (!(connection->wire.tls = SSL_new(worker->run->options.tls))) give_up("SSL_new has failed");
    SSL_set_fd(connection->wire.tls, connection->wire.socket);
    SSL_set_connect_state(connection->wire.tls);
    connection->state = SECURING;
    secure(worker, connection);
}

// Returns how many bytes the answer has, 0 where it has not arrived whole.
static size_t check_answer(struct worker *worker, struct connection *connection, struct arrival arrival) {
    size_t count = head_length(arrival.bytes, arrival.count);
    if (count == 0) return 0;
    const char *head = (const char *)arrival.bytes;
    char expected[PROOF_LENGTH + 1], proof[PROOF_LENGTH + 1], extensions[256];
    prove(connection->key, expected);
    if (strncmp(head, "HTTP/1.1 101 ", 13) != 0 ||
        !find_header(head, count, "Sec-WebSocket-Accept", proof, sizeof proof) || strcmp(proof, expected) != 0)
        give_up("floor-client: the server does not speak WebSocket");
    if (worker->run->options.compresses && (!find_header(head, count, "Sec-WebSocket-Extensions", extensions, sizeof extensions) ||
                                            !strstr(extensions, "server_no_context_takeover")))
        give_up("floor-client: the server does not compress");
    connection->state = OPEN;
    worker->opening--;
    worker->counts.connects++;
    return count;
}

// Takes the frames at the start of an arrival; returns how many bytes they had, and says how many were messages. Only
// whole messages count: a fragment that is not the last is none.
static size_t take_frames(struct worker *worker, struct connection *connection, struct arrival arrival, unsigned *messages) {
    size_t taken = 0;
    struct frame frame;
    while (read_frame(arrival.bytes + taken, arrival.count - taken, &frame)) {
        unsigned char *payload = arrival.bytes + taken + frame.header;
        unsigned opcode = frame.first & OPCODE;
        taken += frame.header + frame.length;
        if (opcode < CLOSE) {
            if ((frame.first & FINAL) && opcode != 0) check_message(worker, &frame, payload);
            if (frame.first & FINAL) ++*messages;
        } else if (opcode == PONG) {
            worker->counts.pongs++;
        } else if (connection->state == OPEN && opcode == PING) {
            append_control(worker, PONG, payload, frame.length);
            flush_output(worker, connection);
        } else if (connection->state == OPEN && opcode == CLOSE) {
            give_up("floor-client: the server has closed a session");
        }
    }
    return taken;
}

void begin_closing(struct worker *worker, struct connection *connection) {
    static const unsigned char normal[] = {1000 >> 8, 1000 & 0xFF};
    connection->state = CLOSING;
    append_control(worker, CLOSE, normal, sizeof normal);
    flush_output(worker, connection);
}

static void end(struct worker *worker, struct connection *connection) {
    if (connection->state != CLOSING) give_up("floor-client: the server has ended a connection");
    wire_close(&connection->wire);
    connection->state = CLOSED;
    worker->unclosed--;
    has_closed(worker, connection);
}

// False where nothing more is to be received from this connection now.
static bool receive(struct worker *worker, struct connection *connection) {
    struct arrival arrival;
    enum outcome outcome = wire_receive(&connection->wire, worker->input, &arrival);
    if (outcome == LATER) return false;
    if (outcome == ENDED) return end(worker, connection), false;

    if (connection->state == ASKING) {
        size_t head = check_answer(worker, connection, arrival);
        if (head == 0) return wire_keep(&connection->wire, arrival, 0);
        arrival = (struct arrival){arrival.bytes + head, arrival.count - head};
        has_opened(worker, connection);
        open_more_connections(worker);
    }
    unsigned messages = 0;
    size_t taken = take_frames(worker, connection, arrival, &messages);
    if (!wire_keep(&connection->wire, arrival, taken)) give_up("floor-client: a frame that is too long");
    if (messages > 0) have_received(worker, connection, messages);
    return true;
}

void serve_connection(struct worker *worker, struct connection *connection, uint32_t events) {
    if (connection->state == CONNECTING) return has_connected(worker, connection);
    if (connection->state == SECURING) return secure(worker, connection);
    if (connection->wire.unsent_count > 0 && (events & EPOLLOUT)) {
        enum outcome outcome = wire_flush(&connection->wire);
        if (outcome == ENDED) give_up("floor-client: the server has ended a connection");
        if (outcome == DONE) watch(worker, connection, EPOLL_CTL_MOD, EPOLLIN);
    }
    // Of what OpenSSL has taken from the socket already, epoll knows nothing.
    while (receive(worker, connection) && wire_holds_more(&connection->wire)) continue;
}
