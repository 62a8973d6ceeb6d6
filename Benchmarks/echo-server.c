// A small WebSocket echo server to measure clients against: one thread in epoll_wait for each THREADS, each with a
// listening socket of its own (SO_REUSEPORT). It takes well-behaved clients: whole requests in one read, frames of up to
// 64 KiB. It sends messages and fragments back as they are, answers pings and Close frames, and closes on anything else.
// With a certificate all of that is over TLS.
//
//     echo-server PORT [THREADS [CERTIFICATE KEY]]

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BUFFER = 128 << 10, EVENTS = 128 };

static int port;
static SSL_CTX *tls_context;

struct connection {
    int socket;
    int open;
    SSL *tls;
    // Bytes of a frame that has not arrived whole.
    size_t kept;
    unsigned char *rest;
};

static _Noreturn void die(const char *what) {
    perror(what);
    exit(1);
}

static int listen_here(void) {
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    int on = 1;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    setsockopt(listener, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (listener < 0 || bind(listener, (struct sockaddr *)&address, sizeof address) != 0) die("bind");
    if (listen(listener, 4096) != 0) die("listen");
    return listener;
}

static void prepare_tls(const char *certificate, const char *key) {
    tls_context = SSL_CTX_new(TLS_server_method());
    if (!tls_context || SSL_CTX_use_certificate_chain_file(tls_context, certificate) != 1 ||
        SSL_CTX_use_PrivateKey_file(tls_context, key, SSL_FILETYPE_PEM) != 1) {
        ERR_print_errors_fp(stderr);
        exit(1);
    }
    SSL_CTX_set_mode(tls_context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE);
    // `send` says MSG_NOSIGNAL, which OpenSSL does not.
    signal(SIGPIPE, SIG_IGN);
}

// What `recv` and `send` return, with `errno` where they set it.
static ssize_t result_of_tls(SSL *tls, int count) {
    if (count > 0) return count;
    int error = SSL_get_error(tls, count);
    ERR_clear_error();
    if (error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE) return 0;
    errno = EAGAIN;
    return -1;
}

static ssize_t receive(struct connection *connection, void *bytes, size_t count) {
    if (connection->tls) return result_of_tls(connection->tls, SSL_read(connection->tls, bytes, count));
    return recv(connection->socket, bytes, count, 0);
}

static ssize_t send_some(struct connection *connection, const void *bytes, size_t count) {
    if (connection->tls) return result_of_tls(connection->tls, SSL_write(connection->tls, bytes, count));
    return send(connection->socket, bytes, count, MSG_NOSIGNAL);
}

static void close_connection(struct connection *connection) {
    if (connection->tls) {
        SSL_shutdown(connection->tls);
        SSL_free(connection->tls);
        ERR_clear_error();
    }
    close(connection->socket);
    free(connection->rest);
    free(connection);
}

// Writes all of it, waiting where the peer is slow: a client under test always reads.
static int send_all(struct connection *connection, const unsigned char *bytes, size_t count) {
    while (count > 0) {
        ssize_t sent = send_some(connection, bytes, count);
        if (sent < 0 && errno == EAGAIN) continue;
        if (sent <= 0) return 0;
        bytes += sent;
        count -= sent;
    }
    return 1;
}

// Answers the request at the start of `bytes` (RFC 6455 section 4.2.2).
static int shake_hands(struct connection *connection, const char *bytes, size_t count) {
    static const char name[] = "Sec-WebSocket-Key:";
    const char *end = memmem(bytes, count, "\r\n\r\n", 4);
    if (!end) return 0;
    const char *key = NULL;
    for (const char *line = bytes; line < end; line = (const char *)memmem(line, end + 2 - line, "\r\n", 2) + 2)
        if (strncasecmp(line, name, sizeof name - 1) == 0) key = line + sizeof name - 1;
    if (!key) return 0;
    while (*key == ' ') key++;

    char proof[24 + 36];
    memcpy(proof, key, 24);
    memcpy(proof + 24, "258EAFA5-E914-47DA-95CA-C5AB0DC85B11", 36);
    unsigned char digest[EVP_MAX_MD_SIZE], accept[32];
    if (EVP_Digest(proof, sizeof proof, digest, NULL, EVP_sha1(), NULL) != 1) return 0;
    EVP_EncodeBlock(accept, digest, 20);

    char answer[256];
    int length = snprintf(answer, sizeof answer,
                          "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                          "Sec-WebSocket-Accept: %s\r\n\r\n",
                          accept);
    connection->open = 1;
    return send_all(connection, (unsigned char *)answer, length);
}

// Rewrites the frames at the start of `bytes` in place, without their masks, and sends them back in one write. Returns
// how many bytes were taken, or -1 where the connection is to be closed.
static ssize_t echo_frames(struct connection *connection, unsigned char *bytes, size_t count) {
    size_t taken = 0, written = 0;
    int closing = 0;
    while (!closing && count - taken >= 6) {
        unsigned char *frame = bytes + taken;
        size_t length = frame[1] & 0x7F, header = 2;
        if (!(frame[1] & 0x80) || length == 127) return -1;
        if (length == 126) {
            length = (size_t)frame[2] << 8 | frame[3];
            header = 4;
        }
        if (count - taken < header + 4 + length) break;
        unsigned char first = frame[0], mask[4];
        memcpy(mask, frame + header, 4);
        unsigned char *payload = frame + header + 4, *answer = bytes + written;
        taken += header + 4 + length;
        if ((first & 0x0F) == 0xA) continue;
        closing = (first & 0x0F) == 0x8;

        // The answer begins at or before the frame and is four bytes shorter: it never overtakes what is still to be read.
        if (header == 4) {
            unsigned char high = frame[2], low = frame[3];
            answer[2] = high;
            answer[3] = low;
        }
        answer[0] = (first & 0x0F) == 0x9 ? 0x8A : first;
        answer[1] = header == 4 ? 126 : (unsigned char)length;
        for (size_t i = 0; i < length; i++) answer[header + i] = payload[i] ^ mask[i & 3];
        written += header + length;
    }
    if (!send_all(connection, bytes, written) || closing) return -1;
    return taken;
}

// False where the connection is to be closed.
static int serve(struct connection *connection, unsigned char *buffer) {
    memcpy(buffer, connection->rest, connection->kept);
    ssize_t received = receive(connection, buffer + connection->kept, BUFFER - connection->kept);
    if (received < 0 && errno == EAGAIN) return 1;
    if (received <= 0) return 0;
    size_t count = connection->kept + received;
    connection->kept = 0;
    if (!connection->open) return shake_hands(connection, (char *)buffer, count);

    ssize_t taken = echo_frames(connection, buffer, count);
    if (taken < 0 || count - taken >= BUFFER) return 0;
    if ((size_t)taken < count) {
        if (!connection->rest && !(connection->rest = malloc(BUFFER))) die("malloc");
        connection->kept = count - taken;
        memcpy(connection->rest, buffer + taken, connection->kept);
    }
    return 1;
}

static void *run(void *unused) {
    (void)unused;
    int set = epoll_create1(EPOLL_CLOEXEC), listener = listen_here();
    unsigned char *buffer = malloc(BUFFER);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = NULL};
    if (set < 0 || !buffer || epoll_ctl(set, EPOLL_CTL_ADD, listener, &event) != 0) die("setting up");
    for (;;) {
        struct epoll_event events[EVENTS];
        int ready = epoll_wait(set, events, EVENTS, -1);
        for (int i = 0; i < ready; i++) {
            struct connection *connection = events[i].data.ptr;
            if (connection) {
                // Of what OpenSSL has taken from the socket already, epoll knows nothing.
                int stays;
                while ((stays = serve(connection, buffer)) && connection->tls && SSL_pending(connection->tls));
                if (!stays) close_connection(connection);
                continue;
            }
            int socket = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
            if (socket < 0) continue;
            int on = 1;
            setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
            if (!(connection = calloc(1, sizeof *connection))) die("calloc");
            connection->socket = socket;
            if (tls_context) {
                if (!(connection->tls = SSL_new(tls_context))) die("SSL_new");
                SSL_set_fd(connection->tls, socket);
                SSL_set_accept_state(connection->tls);
            }
            event = (struct epoll_event){.events = EPOLLIN, .data.ptr = connection};
            if (epoll_ctl(set, EPOLL_CTL_ADD, socket, &event) != 0) close_connection(connection);
        }
    }
}

int main(int argc, char **argv) {
    if (argc != 2 && argc != 3 && argc != 5) {
        fprintf(stderr, "usage: echo-server PORT [THREADS [CERTIFICATE KEY]]\n");
        return 2;
    }
    port = atoi(argv[1]);
    int threads = argc > 2 ? atoi(argv[2]) : 1;
    if (argc == 5) prepare_tls(argv[3], argv[4]);
    for (int i = 1; i < threads; i++) {
        pthread_t thread;
        if (pthread_create(&thread, NULL, run, NULL) != 0) die("pthread_create");
    }
    run(NULL);
}
