#define _GNU_SOURCE
#include "CLinux.h"

#include <sys/socket.h>

int wsplan_accept4(int listener, int flags) {
    return accept4(listener, NULL, NULL, flags);
}
