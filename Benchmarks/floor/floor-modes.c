// What the floor client sends, and when, in each of its modes.

#include "clock.h"
#include "floor-client.h"

// How long after the load answers are waited for.
enum { GRACE_SECONDS = 2 };
// How many messages without an answer a connection can have in the mode RATE.
enum { MOST_UNANSWERED = 4096 };

static int64_t end_of_load(const struct worker *worker) {
    int64_t start = worker->run->start_ns;
    return start == 0 ? NEVER : start + (int64_t)(worker->run->options.seconds * (double)SECOND);
}

static unsigned ring_room(const struct client_options *options) {
    return options->mode == RATE ? MOST_UNANSWERED : (unsigned)options->in_flight;
}

static void note_sent(struct worker *worker, struct connection *connection, int64_t when) {
    const struct client_options *options = &worker->run->options;
    worker->counts.sent++;
    if (!options->measures_latency) return;
    if (!connection->sent) connection->sent = allocate(ring_room(options), sizeof *connection->sent);
    if (connection->sent_count == ring_room(options)) give_up("floor-client: too many messages without an answer");
    connection->sent[(connection->sent_first + connection->sent_count++) % ring_room(options)] = when;
}

// Answers come in the order of their messages.
static void note_received(struct worker *worker, struct connection *connection, unsigned messages) {
    worker->counts.received += messages;
    if (!worker->run->options.measures_latency) return;
    int64_t now = now_ns();
    unsigned room = ring_room(&worker->run->options);
    for (; messages > 0 && connection->sent_count > 0; messages--) {
        histogram_add(worker->latency, now - connection->sent[connection->sent_first]);
        connection->sent_first = (connection->sent_first + 1) % room;
        connection->sent_count--;
    }
}

static void send_messages(struct worker *worker, struct connection *connection, unsigned messages) {
    int64_t now = worker->run->options.measures_latency ? now_ns() : 0;
    for (; messages > 0; messages--) {
        append_message(worker);
        note_sent(worker, connection, now);
    }
    flush_output(worker, connection);
}

// The worker's n-th message is the run's (n × threads + index)-th, due so many intervals after the start.
static int64_t due_of_next_message(const struct worker *worker) {
    const struct client_options *options = &worker->run->options;
    if (worker->run->start_ns == 0) return NEVER;
    double number = (double)worker->next_message * options->threads + worker->index;
    int64_t due = worker->run->start_ns + (int64_t)(number / options->rate * (double)SECOND);
    return due < end_of_load(worker) ? due : NEVER;
}

static void send_due_messages(struct worker *worker) {
    int64_t due, now;
    while ((due = due_of_next_message(worker)) <= (now = now_ns())) {
        struct connection *connection = &worker->connections[worker->next_message++ % worker->most_connections];
        histogram_add(worker->lag, now - due);
        if (worker->counts.first_send_ns == 0) worker->counts.first_send_ns = now;
        worker->counts.last_send_ns = now;
        append_message(worker);
        note_sent(worker, connection, due);
        flush_output(worker, connection);
    }
}

static void ping_later(struct worker *worker, int index, int64_t due) {
    int last = (worker->pings_first + worker->pings_count++) % worker->most_connections;
    worker->ping_order[last] = index;
    worker->ping_due[last] = due;
}

// All connections have one interval, so the first to have pinged is the first to ping again.
static void send_due_pings(struct worker *worker) {
    while (worker->pings_count > 0 && worker->ping_due[worker->pings_first] <= now_ns()) {
        int index = worker->ping_order[worker->pings_first];
        int64_t due = worker->ping_due[worker->pings_first];
        worker->pings_first = (worker->pings_first + 1) % worker->most_connections;
        worker->pings_count--;
        append_control(worker, PING, NULL, 0);
        flush_output(worker, &worker->connections[index]);
        worker->counts.sent++;
        ping_later(worker, index, due + worker->run->options.ping_interval_ns);
    }
}

void has_opened(struct worker *worker, struct connection *connection) {
    const struct client_options *options = &worker->run->options;
    if (atomic_fetch_add(&worker->run->open, 1) + 1 == options->connections) worker->run->start_ns = now_ns();
    if (options->mode == ECHO) send_messages(worker, connection, options->in_flight);
    if (options->mode == IDLE)
        ping_later(worker, (int)(connection - worker->connections), now_ns() + options->ping_interval_ns);
    if (options->mode == STORM) begin_closing(worker, connection);
}

void have_received(struct worker *worker, struct connection *connection, unsigned messages) {
    note_received(worker, connection, messages);
    if (worker->run->options.mode == ECHO && connection->state == OPEN) send_messages(worker, connection, messages);
}

void has_closed(struct worker *worker, struct connection *connection) {
    if (worker->run->options.mode == STORM && atomic_fetch_sub(&worker->run->unstarted_sessions, 1) > 0)
        open_connection(worker, connection);
}

static bool awaits_answers(const struct worker *worker) {
    return worker->run->options.mode == RATE && worker->counts.received < worker->counts.sent;
}

void do_what_is_due(struct worker *worker) {
    enum mode mode = worker->run->options.mode;
    if (mode == STORM || worker->is_closing) return;
    if (mode == RATE) send_due_messages(worker);
    if (mode == IDLE) send_due_pings(worker);
    int64_t late = now_ns() - end_of_load(worker);
    if (late < 0 || (awaits_answers(worker) && late < GRACE_SECONDS * SECOND)) return;
    worker->is_closing = true;
    for (int i = 0; i < worker->most_connections; i++)
        if (worker->connections[i].state == OPEN) begin_closing(worker, &worker->connections[i]);
}

int64_t next_due(const struct worker *worker) {
    // The start is another thread's to say, and nobody wakes this one.
    if (worker->run->start_ns == 0 || worker->is_closing) return now_ns() + MILLISECOND;
    int64_t due = end_of_load(worker);
    if (due < now_ns()) due = now_ns() + MILLISECOND;
    if (worker->run->options.mode == RATE && due_of_next_message(worker) < due) due = due_of_next_message(worker);
    if (worker->pings_count > 0 && worker->ping_due[worker->pings_first] < due)
        due = worker->ping_due[worker->pings_first];
    return due;
}

bool has_finished(const struct worker *worker) {
    bool has_begun = worker->next_connection == worker->most_connections;
    return has_begun && worker->unclosed == 0 && (worker->is_closing || worker->run->options.mode == STORM);
}
