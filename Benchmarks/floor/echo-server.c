// A WebSocket echo server to measure clients against: plain threads in epoll_wait, each with a listening socket of its own
// (SO_REUSEPORT) on 127.0.0.1. It prints its port, and ends on SIGTERM, or when a pipe on its standard input is closed.
//
//     echo-server [--port N] [--threads N] [--certificate FILE --key FILE] [--compression]
//                 [--delay MS] [--stall MS --period MS] [--push COUNT --size BYTES --interval MS]

#include <arpa/inet.h>
#include <getopt.h>
#include <pthread.h>
#include <signal.h>
#include <sys/stat.h>

#include "clock.h"
#include "echo-server.h"

enum { EVENTS = 128 };

// The first thread's port may be any, the others' is the same.
static int listen_at(int *port) {
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), on = 1;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(*port)};
    socklen_t length = sizeof address;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    setsockopt(listener, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on);
    if (listener < 0 || bind(listener, (struct sockaddr *)&address, sizeof address) != 0) die("bind");
    if (listen(listener, 4096) != 0) die("listen");
    if (getsockname(listener, (struct sockaddr *)&address, &length) != 0) die("getsockname");
    *port = ntohs(address.sin_port);
    return listener;
}

static void *run(void *argument) {
    struct server_thread *thread = argument;
    ask_for_exact_timers();
    prepare_burst(thread);
    for (;;) {
        struct epoll_event events[EVENTS];
        int ready = wait_until(thread->set, events, EVENTS, next_due(thread));
        if (ready > 0) wait_out_stall(thread->options);
        for (int i = 0; i < ready; i++) {
            if (events[i].data.ptr) serve_connection(thread, events[i].data.ptr, events[i].events);
            else accept_connections(thread);
        }
        send_delayed_answers(thread);
        push_bursts(thread);
    }
    return NULL;
}

static void start_thread(const struct server_options *options, int *port) {
    struct server_thread *thread = allocate(1, sizeof *thread);
    *thread = (struct server_thread){.options = options, .listener = listen_at(port), .buffer = allocate(1, ROOM)};
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = NULL};
    thread->set = epoll_create1(EPOLL_CLOEXEC);
    if (thread->set < 0 || epoll_ctl(thread->set, EPOLL_CTL_ADD, thread->listener, &event) != 0) die("epoll");
    pthread_t started;
    if (pthread_create(&started, NULL, run, thread) != 0) die("pthread_create");
}

static SSL_CTX *tls_context(const char *certificate, const char *key) {
    SSL_CTX *context = SSL_CTX_new(TLS_server_method());
    prepare_context(context);
    if (SSL_CTX_use_certificate_chain_file(context, certificate) != 1 ||
        SSL_CTX_use_PrivateKey_file(context, key, SSL_FILETYPE_PEM) != 1)
        give_up("the certificate or its key cannot be read");
    return context;
}

static _Noreturn void wait_for_the_end(void) {
    struct stat input;
    char byte;
    if (fstat(STDIN_FILENO, &input) != 0 || !S_ISFIFO(input.st_mode))
        for (;;) pause();
    while (read(STDIN_FILENO, &byte, 1) > 0) continue;
    // Without what OpenSSL does at an exit, which other threads would run into.
    _exit(0);
}

int main(int argc, char **argv) {
    static const struct option names[] = {
        {"port", 1, NULL, 'p'},   {"threads", 1, NULL, 't'}, {"certificate", 1, NULL, 'c'}, {"key", 1, NULL, 'k'},
        {"delay", 1, NULL, 'd'},  {"stall", 1, NULL, 's'},   {"period", 1, NULL, 'e'},      {"push", 1, NULL, 'u'},
        {"size", 1, NULL, 'z'},   {"interval", 1, NULL, 'i'}, {"compression", 0, NULL, 'x'}, {0},
    };
    struct server_options options = {.threads = 1, .push_size = 64, .push_interval_ns = SECOND,
                                     .stall_period_ns = 10 * SECOND};
    const char *certificate = NULL, *key = NULL;
    for (int name; (name = getopt_long(argc, argv, "", names, NULL)) != -1;) switch (name) {
        case 'p': options.port = number_in(optarg, 0, 65535); break;
        case 't': options.threads = number_in(optarg, 1, 64); break;
        case 'c': certificate = optarg; break;
        case 'k': key = optarg; break;
        case 'd': options.delay_ns = number_in(optarg, 0, 60000) * MILLISECOND; break;
        case 's': options.stall_ns = number_in(optarg, 0, 60000) * MILLISECOND; break;
        case 'e': options.stall_period_ns = number_in(optarg, 1, 600000) * MILLISECOND; break;
        case 'u': options.push_count = number_in(optarg, 0, 1000); break;
        case 'z': options.push_size = number_in(optarg, 0, 65536); break;
        case 'i': options.push_interval_ns = number_in(optarg, 0.1, 60000) * MILLISECOND; break;
        case 'x': options.accepts_compression = true; break;
        default: return 2;
    }
    if (optind != argc || !certificate != !key || options.stall_ns >= options.stall_period_ns) {
        fprintf(stderr, "echo-server: see the first lines of echo-server.c\n");
        return 2;
    }
    if (certificate) options.tls = tls_context(certificate, key);
    signal(SIGPIPE, SIG_IGN);
    int port = options.port;
    for (int i = 0; i < options.threads; i++) start_thread(&options, &port);
    printf("%d\n", port);
    fflush(stdout);
    wait_for_the_end();
}
