// The least that a client can spend on WebSocket sessions: plain threads in epoll_wait, a fresh mask for each frame, and
// nothing measured but what is asked for. What wsplan spends beyond it is its own. It prints one line of JSON.
//
//     floor-client --port N --connections N [--threads N] [--seconds S] [--latency] [--ca FILE]
//                  [--size BYTES | --payload FILE] [--compression LEVEL]
//                  [--in-flight N | --rate PER_SECOND | --receive | --ping SECONDS | --storm SESSIONS]
//
// The load lasts from when all connections are open, and all are closed properly at its end; of a storm, when so many
// sessions have come and gone.

#include <getopt.h>
#include <pthread.h>
#include <signal.h>
#include <sys/resource.h>

#include "clock.h"
#include "floor-client.h"

enum { EVENTS = 128, MOST_PAYLOAD = 128 << 10 };

struct thread {
    pthread_t started;
    struct worker worker;
};

static void *work(void *argument) {
    struct worker *worker = argument;
    ask_for_exact_timers();
    prepare_messages(worker);
    open_more_connections(worker);
    while (!has_finished(worker)) {
        struct epoll_event events[EVENTS];
        int ready = wait_until(worker->set, events, EVENTS, next_due(worker));
        for (int i = 0; i < ready; i++) serve_connection(worker, events[i].data.ptr, events[i].events);
        do_what_is_due(worker);
    }
    return NULL;
}

static void prepare_worker(struct worker *worker, struct run *run, int index) {
    const struct client_options *options = &run->options;
    int share = options->connections / options->threads + (index < options->connections % options->threads);
    *worker = (struct worker){.run = run, .index = index, .set = epoll_create1(EPOLL_CLOEXEC), .most_connections = share};
    if (worker->set < 0) die("epoll_create1");
    worker->connections = allocate(share, sizeof *worker->connections);
    worker->input = allocate(1, ROOM);
    if (options->measures_latency) worker->latency = allocate(1, sizeof *worker->latency);
    if (options->mode == RATE) worker->lag = allocate(1, sizeof *worker->lag);
    if (options->mode == IDLE) {
        worker->ping_order = allocate(share, sizeof *worker->ping_order);
        worker->ping_due = allocate(share, sizeof *worker->ping_due);
    }
}

static SSL_CTX *tls_context(const char *authority) {
    SSL_CTX *context = SSL_CTX_new(TLS_client_method());
    prepare_context(context);
    if (SSL_CTX_load_verify_locations(context, authority, NULL) != 1) give_up("the authority's certificate cannot be read");
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, NULL);
    X509_VERIFY_PARAM_set1_ip_asc(SSL_CTX_get0_param(context), "127.0.0.1");
    return context;
}

static void read_payload(struct client_options *options, const char *path) {
    FILE *file = fopen(path, "rb");
    if (!file) die(path);
    unsigned char *payload = allocate(1, MOST_PAYLOAD);
    options->payload_length = fread(payload, 1, MOST_PAYLOAD, file);
    options->payload = payload;
    fclose(file);
}

static void make_payload(struct client_options *options, size_t length) {
    unsigned char *payload = allocate(1, length + 1);
    for (size_t i = 0; i < length; i++) payload[i] = 'a' + i / 8 % 26;
    options->payload = payload;
    options->payload_length = length;
}

static struct client_options read_options(int argc, char **argv) {
    static const struct option names[] = {
        {"port", 1, NULL, 'p'},        {"connections", 1, NULL, 'c'}, {"threads", 1, NULL, 't'}, {"seconds", 1, NULL, 's'},
        {"latency", 0, NULL, 'l'},     {"ca", 1, NULL, 'a'},          {"size", 1, NULL, 'z'},    {"payload", 1, NULL, 'f'},
        {"compression", 1, NULL, 'x'}, {"in-flight", 1, NULL, 'n'},   {"rate", 1, NULL, 'r'},    {"receive", 0, NULL, 'v'},
        {"ping", 1, NULL, 'i'},        {"storm", 1, NULL, 'm'},       {0},
    };
    struct client_options options = {.mode = ECHO, .threads = 1, .in_flight = 1, .seconds = 10};
    make_payload(&options, 64);
    for (int name; (name = getopt_long(argc, argv, "", names, NULL)) != -1;) switch (name) {
        case 'p': options.port = number_in(optarg, 1, 65535); break;
        case 'c': options.connections = number_in(optarg, 1, 100000); break;
        case 't': options.threads = number_in(optarg, 1, 64); break;
        case 's': options.seconds = number_in(optarg, 0, 3600); break;
        case 'l': options.measures_latency = true; break;
        case 'a': options.tls = tls_context(optarg); break;
        case 'z': make_payload(&options, number_in(optarg, 0, MOST_PAYLOAD)); break;
        case 'f': read_payload(&options, optarg); break;
        case 'x': options.compresses = true, options.level = number_in(optarg, 0, 9); break;
        case 'n': options.in_flight = number_in(optarg, 1, 1024); break;
        case 'r': options.mode = RATE, options.rate = number_in(optarg, 0.001, 1e7); break;
        case 'v': options.mode = RECEIVE; break;
        case 'i': options.mode = IDLE, options.ping_interval_ns = number_in(optarg, 0.001, 3600) * (double)SECOND; break;
        case 'm': options.mode = STORM, options.sessions = number_in(optarg, 1, 1e9); break;
        default: exit(2);
    }
    if (optind != argc || options.port == 0 || options.connections < options.threads ||
        (options.mode == STORM && options.sessions < options.connections)) {
        fprintf(stderr, "floor-client: see the first lines of floor-client.c\n");
        exit(2);
    }
    return options;
}

// A number of /proc/self/status: VmRSS, or VmHWM for the most that it ever was. (`ru_maxrss` may be the starter's.)
static long status_kib(const char *name) {
    char line[256];
    long kib = -1;
    FILE *file = fopen("/proc/self/status", "r");
    if (!file) die("/proc/self/status");
    while (kib < 0 && fgets(line, sizeof line, file))
        if (strncmp(line, name, strlen(name)) == 0) kib = strtol(line + strlen(name) + 1, NULL, 10);
    fclose(file);
    return kib;
}

static void print_percentiles(const char *name, const struct histogram *histogram) {
    printf(", \"%s\": {\"p50\": %.6f, \"p95\": %.6f, \"p99\": %.6f, \"count\": %llu}", name,
           histogram_percentile(histogram, 0.50) / 1e6, histogram_percentile(histogram, 0.95) / 1e6,
           histogram_percentile(histogram, 0.99) / 1e6, (unsigned long long)histogram->count);
}

// All workers' counts and histograms in the first's.
static void merge(struct worker *into, const struct worker *from) {
    struct counts *sum = &into->counts;
    const struct counts *more = &from->counts;
    sum->connects += more->connects;
    sum->sent += more->sent;
    sum->received += more->received;
    sum->pongs += more->pongs;
    if (more->first_send_ns != 0 && (sum->first_send_ns == 0 || more->first_send_ns < sum->first_send_ns)) sum->first_send_ns = more->first_send_ns;
    if (more->last_send_ns > sum->last_send_ns) sum->last_send_ns = more->last_send_ns;
    if (into->latency) histogram_merge(into->latency, from->latency);
    if (into->lag) histogram_merge(into->lag, from->lag);
}

static void print_result(const struct run *run, const struct worker *all, int64_t end_ns, long start_rss_kib) {
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    printf("{\"seconds\": %.6f, \"connects\": %llu, \"messages_sent\": %llu, \"messages\": %llu, \"pongs\": %llu, "
           "\"user_seconds\": %.6f, \"system_seconds\": %.6f, \"start_rss_kib\": %ld, \"max_rss_kib\": %ld",
           (double)(end_ns - run->launched_ns) / 1e9, (unsigned long long)all->counts.connects,
           (unsigned long long)all->counts.sent, (unsigned long long)all->counts.received,
           (unsigned long long)all->counts.pongs, usage.ru_utime.tv_sec + usage.ru_utime.tv_usec / 1e6,
           usage.ru_stime.tv_sec + usage.ru_stime.tv_usec / 1e6, start_rss_kib, status_kib("VmHWM"));
    if (run->options.mode == RATE && all->counts.sent > 1)
        printf(", \"sends_per_second\": %.3f",
               (double)(all->counts.sent - 1) * 1e9 / (double)(all->counts.last_send_ns - all->counts.first_send_ns));
    if (all->latency) print_percentiles("latency_ms", all->latency);
    if (all->lag) print_percentiles("timer_lag_ms", all->lag);
    printf("}\n");
}

int main(int argc, char **argv) {
    signal(SIGPIPE, SIG_IGN);
    static struct run run;
    run.options = read_options(argc, argv);
    run.unstarted_sessions = run.options.sessions - run.options.connections;
    struct thread *threads = allocate(run.options.threads, sizeof *threads);
    long start_rss_kib = status_kib("VmRSS");
    run.launched_ns = now_ns();
    for (int i = 0; i < run.options.threads; i++) {
        prepare_worker(&threads[i].worker, &run, i);
        if (pthread_create(&threads[i].started, NULL, work, &threads[i].worker) != 0) die("pthread_create");
    }
    for (int i = 0; i < run.options.threads; i++) {
        pthread_join(threads[i].started, NULL);
        if (i > 0) merge(&threads[0].worker, &threads[i].worker);
    }
    print_result(&run, &threads[0].worker, now_ns(), start_rss_kib);
    return 0;
}
