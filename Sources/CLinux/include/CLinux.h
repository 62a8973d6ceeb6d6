// What glibc offers and Swift's `Glibc` module leaves out.
#ifndef CLINUX_H
#define CLINUX_H

#include <malloc.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>

// accept4(2), which glibc declares for _GNU_SOURCE only. The peer's address is not asked for.
int wsplan_accept4(int listener, int flags);

#endif
