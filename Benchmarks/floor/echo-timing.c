// What the echo server does not send at once: delayed answers, nothing at all while it stalls, and bursts unasked.

#include "clock.h"
#include "echo-server.h"
#include "frame.h"

// Sleeps to the end of the stall that now lies in, if there is one. Periods count from the first call that any thread
// makes, which is when the first client comes.
void wait_out_stall(const struct server_options *options) {
    static _Atomic int64_t first_call;
    if (options->stall_ns == 0) return;
    int64_t now = now_ns(), none = 0;
    atomic_compare_exchange_strong(&first_call, &none, now);
    int64_t start = first_call, begin = (options->stall_period_ns - options->stall_ns) / 2;
    int64_t into_stall = (now - start) % options->stall_period_ns - begin;
    if (into_stall < 0 || into_stall >= options->stall_ns) return;
    int64_t end = now - into_stall + options->stall_ns;
    struct timespec time = {.tv_sec = end / SECOND, .tv_nsec = end % SECOND};
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, NULL) == EINTR) continue;
}

// The next free place of the ring, which grows where there is none.
static struct delayed_answer *add_delayed(struct server_thread *thread) {
    if (thread->delayed_count == thread->delayed_room) {
        size_t room = thread->delayed_room ? 2 * thread->delayed_room : 1024;
        struct delayed_answer *larger = allocate(room, sizeof *larger);
        for (size_t i = 0; i < thread->delayed_count; i++)
            larger[i] = thread->delayed[(thread->delayed_first + i) % thread->delayed_room];
        free(thread->delayed);
        thread->delayed = larger;
        thread->delayed_first = 0;
        thread->delayed_room = room;
    }
    return &thread->delayed[(thread->delayed_first + thread->delayed_count++) % thread->delayed_room];
}

void delay_answer(struct server_thread *thread, struct connection *connection, const unsigned char *bytes, size_t count,
                  bool is_last) {
    struct delayed_answer *answer = add_delayed(thread);
    *answer = (struct delayed_answer){now_ns() + thread->options->delay_ns, connection, NULL, count, is_last};
    answer->bytes = allocate(count + 1, 1);
    memcpy(answer->bytes, bytes, count);
    connection->users++;
}

void send_delayed_answers(struct server_thread *thread) {
    while (thread->delayed_count > 0 && thread->delayed[thread->delayed_first].due <= now_ns()) {
        struct delayed_answer answer = thread->delayed[thread->delayed_first];
        thread->delayed_first = (thread->delayed_first + 1) % thread->delayed_room;
        thread->delayed_count--;
        answer.connection->users--;
        send_answer(thread, answer.connection, answer.bytes, answer.count, answer.is_last);
        free(answer.bytes);
    }
}

void prepare_burst(struct server_thread *thread) {
    const struct server_options *options = thread->options;
    thread->burst = allocate(options->push_count, MOST_HEADER + options->push_size);
    for (int i = 0; i < options->push_count; i++) {
        unsigned char *frame = thread->burst + thread->burst_count;
        size_t header = write_header(frame, FINAL | TEXT, options->push_size, NULL);
        memset(frame + header, 'a' + i % 26, options->push_size);
        thread->burst_count += header + options->push_size;
    }
    thread->push_due = options->push_count > 0 ? now_ns() : NEVER;
}

// A connection that has not taken its last burst is passed over.
void push_bursts(struct server_thread *thread) {
    int64_t now = now_ns();
    if (now < thread->push_due) return;
    struct connection *next;
    for (struct connection *connection = thread->connections; connection; connection = next) {
        next = connection->next;
        if (connection->is_open && connection->wire.unsent_count == 0)
            send_answer(thread, connection, thread->burst, thread->burst_count, false);
    }
    while (thread->push_due <= now) thread->push_due += thread->options->push_interval_ns;
}

int64_t next_due(const struct server_thread *thread) {
    int64_t delayed = thread->delayed_count > 0 ? thread->delayed[thread->delayed_first].due : NEVER;
    return delayed < thread->push_due ? delayed : thread->push_due;
}
