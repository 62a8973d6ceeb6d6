#define _GNU_SOURCE
#include "CLinux.h"

int wsplan_accept4(int listener, int flags) {
    return accept4(listener, NULL, NULL, flags);
}
