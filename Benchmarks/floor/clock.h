// The monotonic clock, in nanoseconds, and waiting for sockets or for a time, whichever comes first.
#pragma once

#include <errno.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <time.h>

#include "program.h"

static const int64_t SECOND = 1000000000, MILLISECOND = 1000000, NEVER = INT64_MAX;

static inline int64_t now_ns(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * SECOND + time.tv_nsec;
}

// The kernel may wake a thread 50 µs late to save wake-ups, unless the thread says that it minds. Once for each thread.
static inline void ask_for_exact_timers(void) {
    if (prctl(PR_SET_TIMERSLACK, 1UL) != 0) die("prctl");
}

// Waits until there are events or it is `due`, to the nanosecond where the thread has asked for that.
static inline int wait_until(int set, struct epoll_event *events, int most, int64_t due) {
    struct timespec wait;
    if (due != NEVER) {
        int64_t left = due - now_ns();
        if (left < 0) left = 0;
        wait = (struct timespec){.tv_sec = left / SECOND, .tv_nsec = left % SECOND};
    }
    int ready = epoll_pwait2(set, events, most, due == NEVER ? NULL : &wait, NULL);
    if (ready < 0 && errno != EINTR) die("epoll_pwait2");
    return ready;
}
