// One connection of the echo server: its handshake, and its messages back as they came. Fragments stay fragments, and
// compressed messages compressed: what the peer has compressed in order is, in the same order, what it can inflate.

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <sys/epoll.h>

#include "clock.h"
#include "echo-server.h"
#include "frame.h"
#include "handshake.h"

static void watch(struct server_thread *thread, struct connection *connection, int operation, uint32_t events) {
    struct epoll_event event = {.events = events, .data.ptr = connection};
    if (epoll_ctl(thread->set, operation, connection->wire.socket, &event) != 0) die("epoll_ctl");
}

void accept_connections(struct server_thread *thread) {
    int socket;
    while ((socket = accept4(thread->listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0) {
        int on = 1;
        setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        struct connection *connection = allocate(1, sizeof *connection);
        connection->wire.socket = socket;
        if (thread->options->tls) {
            if (!(connection->wire.tls = SSL_new(thread->options->tls))) give_up("SSL_new has failed");
            SSL_set_fd(connection->wire.tls, socket);
            SSL_set_accept_state(connection->wire.tls);
        }
        connection->next = thread->connections;
        if (connection->next) connection->next->previous = connection;
        thread->connections = connection;
        watch(thread, connection, EPOLL_CTL_ADD, EPOLLIN);
    }
}

// Its memory stays for as long as somebody uses it, who finds it closed.
void close_connection(struct server_thread *thread, struct connection *connection) {
    if (connection->wire.socket >= 0) {
        wire_close(&connection->wire);
        connection->is_open = false;
        if (connection->previous) connection->previous->next = connection->next;
        else thread->connections = connection->next;
        if (connection->next) connection->next->previous = connection->previous;
    }
    if (connection->users == 0) free(connection);
}

// Sends an answer at once. While some of it waits for the socket, nothing more is received.
void send_answer(struct server_thread *thread, struct connection *connection, const unsigned char *bytes, size_t count,
                 bool is_last) {
    enum outcome outcome = connection->wire.socket < 0 ? ENDED : wire_send(&connection->wire, bytes, count);
    connection->is_closing |= is_last;
    if (outcome == LATER) watch(thread, connection, EPOLL_CTL_MOD, EPOLLOUT);
    else if (outcome == ENDED || connection->is_closing) close_connection(thread, connection);
}

// The answer to an offer of permessage-deflate (RFC 7692 section 7.1). What goes back is what the client has compressed, so
// the client keeps no context where the server may not, and an offer that limits the server's window is declined.
static const char *extensions(const struct server_options *options, const char *head, size_t count) {
    char offer[512];
    if (!options->accepts_compression || !find_header(head, count, "Sec-WebSocket-Extensions", offer, sizeof offer) ||
        !strstr(offer, "permessage-deflate") || strstr(offer, "server_max_window_bits"))
        return "";
    if (strstr(offer, "server_no_context_takeover"))
        return "Sec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover; client_no_context_takeover\r\n";
    if (strstr(offer, "client_no_context_takeover"))
        return "Sec-WebSocket-Extensions: permessage-deflate; client_no_context_takeover\r\n";
    return "Sec-WebSocket-Extensions: permessage-deflate\r\n";
}

// Answers the request at the start of an arrival (RFC 6455 section 4.2.2). Returns how many bytes it had, 0 where it has
// not arrived whole, or -1 where it cannot be answered.
static ssize_t shake_hands(struct server_thread *thread, struct connection *connection, struct arrival arrival) {
    const char *head = (const char *)arrival.bytes;
    size_t count = head_length(arrival.bytes, arrival.count);
    char key[KEY_LENGTH + 1], proof[PROOF_LENGTH + 1], answer[512];
    if (count == 0) return 0;
    if (!find_header(head, count, "Sec-WebSocket-Key", key, sizeof key) || strlen(key) != KEY_LENGTH) return -1;
    prove(key, proof);
    int length = snprintf(answer, sizeof answer,
                          "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                          "Sec-WebSocket-Accept: %s\r\n%s\r\n",
                          proof, extensions(thread->options, head, count));
    if (wire_send(&connection->wire, (unsigned char *)answer, length) != DONE) return -1;
    connection->is_open = true;
    return count;
}

// Rewrites the frames at the start of an arrival in place, without their masks: an answer is shorter than its frame, so it
// never overtakes what is still to be read. Returns how many bytes were taken, and says how many the answers have.
static size_t answer_frames(struct arrival arrival, size_t *answered, bool *is_last) {
    size_t taken = 0;
    struct frame frame;
    *answered = 0;
    *is_last = false;
    while (!*is_last && read_frame(arrival.bytes + taken, arrival.count - taken, &frame)) {
        const unsigned char *payload = arrival.bytes + taken + frame.header;
        unsigned opcode = frame.first & OPCODE;
        taken += frame.header + frame.length;
        if (opcode == PONG) continue;
        *is_last = opcode == CLOSE || !frame.is_masked;
        // A client that does not mask is closed on without an answer (section 5.1).
        if (!frame.is_masked) break;
        unsigned char first = opcode == PING ? FINAL | PONG : frame.first;
        *answered += write_header(arrival.bytes + *answered, first, frame.length, NULL);
        mask_payload(arrival.bytes + *answered, payload, frame.length, frame.mask);
        *answered += frame.length;
    }
    return taken;
}

// False where nothing more is to be received: the connection has been closed, or an answer waits for the socket.
static bool receive(struct server_thread *thread, struct connection *connection) {
    struct arrival arrival;
    enum outcome outcome = wire_receive(&connection->wire, thread->buffer, &arrival);
    if (outcome == LATER) return false;
    if (outcome == ENDED) return close_connection(thread, connection), false;

    struct arrival frames = arrival;
    if (!connection->is_open) {
        ssize_t head = shake_hands(thread, connection, arrival);
        if (head < 0) return close_connection(thread, connection), false;
        frames = (struct arrival){arrival.bytes + head, arrival.count - head};
    }
    size_t taken = 0, answered = 0;
    bool is_last = false;
    if (connection->is_open) taken = answer_frames(frames, &answered, &is_last);

    // What is kept may be behind the answers in the same buffer: first they are sent, or copied.
    connection->users++;
    if (answered > 0 || is_last)
        (thread->options->delay_ns > 0 ? delay_answer : send_answer)(thread, connection, frames.bytes, answered, is_last);
    connection->users--;
    if (connection->wire.socket < 0 || !wire_keep(&connection->wire, frames, taken))
        return close_connection(thread, connection), false;
    return connection->wire.unsent_count == 0;
}

void serve_connection(struct server_thread *thread, struct connection *connection, uint32_t events) {
    if (connection->wire.unsent_count > 0) {
        enum outcome outcome = events & (EPOLLERR | EPOLLHUP) ? ENDED : wire_flush(&connection->wire);
        if (outcome == LATER) return;
        if (outcome == ENDED || connection->is_closing) {
            close_connection(thread, connection);
            return;
        }
        watch(thread, connection, EPOLL_CTL_MOD, EPOLLIN);
    }
    // Of what OpenSSL has taken from the socket already, epoll knows nothing.
    while (receive(thread, connection) && wire_holds_more(&connection->wire)) continue;
}
