"""A WebSocket server behind TLS: `tls_server.py CERTIFICATES MODE [NAME=VALUE …]`, CERTIFICATES being what `certificates` has made.

The first line of output is its port. When standard input ends, it prints one JSON line and ends:

    handshakes  TLS handshakes that succeeded, as this side sees it
    resumed     those of them that went on with an earlier session
    names       [the name that each of them asked for (SNI), or null]
    protocols   [what ALPN selected in each, or null]
    versions    [the version of TLS of each]
    clients     [the common name of each client's certificate, or null]
    closes      [what each ended with: "close_notify", or the error]
    received    bytes that their sockets have received

The modes are functions below. Options: certificate (good), client_ca (then a client certificate is required), versions (of
TLS, like 1.2 or 1.2-1.3), alpn (protocols with commas between them), ciphers.
"""

import json
import socket
import ssl
import sys
import threading
import time
import warnings

from websockets.frames import Opcode
from websockets.protocol import OPEN
from websockets.server import ServerProtocol

counts = {"handshakes": 0, "resumed": 0, "names": [], "protocols": [], "versions": [], "clients": [], "closes": []}
counts["received"] = 0
lock = threading.Lock()
VERSIONS = {
    "1.0": ssl.TLSVersion.TLSv1,
    "1.1": ssl.TLSVersion.TLSv1_1,
    "1.2": ssl.TLSVersion.TLSv1_2,
    "1.3": ssl.TLSVersion.TLSv1_3,
}


def converse(tls, protocol):
    """Feeds what arrives to the protocol; gives what it makes of it. Ends with the stream."""
    while data := tls.recv(65536):
        protocol.receive_data(data)
        yield from protocol.events_received()
        flush(tls, protocol)
        if protocol.close_expected():
            return


def flush(tls, protocol):
    for data in protocol.data_to_send():
        if data:
            tls.sendall(data)


def accept(tls):
    """A protocol whose handshake is answered."""
    protocol = ServerProtocol(max_size=None)
    for event in converse(tls, protocol):
        protocol.send_response(protocol.accept(event))
        flush(tls, protocol)
        return protocol
    raise ConnectionError("no handshake")


def echo(tls):
    """Echoes until the client closes, then says close_notify and waits for the client's."""
    protocol = accept(tls)
    message = []
    for event in converse(tls, protocol):
        if event.opcode in (Opcode.TEXT, Opcode.BINARY, Opcode.CONT):
            message.append(event)
            if event.fin and protocol.state is OPEN:
                data = b"".join(frame.data for frame in message)
                (protocol.send_text if message[0].opcode is Opcode.TEXT else protocol.send_binary)(data)
                message = []
    tls.unwrap()


def end(tls):
    """Ends the stream, properly, without a Close frame."""
    accept(tls)
    tls.unwrap()


def cut_off(tls):
    """Ends the TCP connection, without a word of TLS."""
    accept(tls)
    tls.shutdown(socket.SHUT_RDWR)


def cut_off_after_close(tls):
    """The same, when both Close frames were exchanged."""
    for _ in converse(tls, accept(tls)):
        pass
    tls.shutdown(socket.SHUT_RDWR)


def flood(tls):
    """Twenty thousand messages in records as large as they get, then a Close frame."""
    protocol = accept(tls)
    for number in range(20_000):
        protocol.send_text(b"%05d " % number + b"x" * 94)
        if number % 400 == 399:
            flush_whole(tls, protocol)
    protocol.send_close(1000)
    flush_whole(tls, protocol)
    for _ in converse(tls, protocol):
        pass
    tls.unwrap()


def flush_whole(tls, protocol):
    tls.sendall(b"".join(protocol.data_to_send()))


def late_reader(tls):
    """Reads nothing for a while, so that the client's socket fills up; then echoes."""
    protocol = accept(tls)
    time.sleep(0.3)
    size = 0
    for event in converse(tls, protocol):
        if event.opcode in (Opcode.TEXT, Opcode.BINARY, Opcode.CONT):
            size += len(event.data)
            if event.fin:
                protocol.send_text(str(size).encode())
    tls.unwrap()


def serve(connection, context, mode):
    connection.settimeout(20)
    try:
        tls = context.wrap_socket(connection, server_side=True)
    except (OSError, ssl.SSLError):
        connection.close()
        return
    client = tls.getpeercert() or {}
    with lock:
        counts["handshakes"] += 1
        counts["resumed"] += tls.session_reused
        counts["names"].append(getattr(tls, "asked_name", None))
        counts["protocols"].append(tls.selected_alpn_protocol())
        counts["versions"].append(tls.version())
        counts["clients"].append(next((part[0][1] for part in client.get("subject", ())), None))
    try:
        mode(tls)
        ending = "close_notify"
    except (OSError, ssl.SSLError) as error:
        ending = type(error).__name__
    with lock:
        counts["closes"].append(ending)
        counts["received"] += bytes_received(tls)
    tls.close()


def bytes_received(connection):
    """What the kernel says of a connection (tcpi_bytes_received of struct tcp_info)."""
    info = connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 136)
    return int.from_bytes(info[128:136], sys.byteorder)


def main():
    folder, mode, *options = sys.argv[1:]
    options = dict(option.split("=", 1) for option in options)
    name = options.get("certificate", "good")
    # Of old versions, which some options are about.
    warnings.simplefilter("ignore", DeprecationWarning)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(f"{folder}/{name}.pem", f"{folder}/{name}.key")
    if "client_ca" in options:
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(f"{folder}/{options['client_ca']}.pem")
    if "versions" in options:
        least, _, most = options["versions"].partition("-")
        if least in ("1.0", "1.1"):
            context.set_ciphers("DEFAULT:@SECLEVEL=0")
        context.minimum_version = VERSIONS[least]
        context.maximum_version = VERSIONS[most or least]
    if "ciphers" in options:
        context.set_ciphers(options["ciphers"])
    if "alpn" in options:
        context.set_alpn_protocols(options["alpn"].split(","))
    context.sni_callback = lambda tls, name, _: setattr(tls, "asked_name", name)

    listener = socket.create_server(("127.0.0.1", 0), backlog=1024)
    print(listener.getsockname()[1], flush=True)

    def accept_all():
        while True:
            connection, _ = listener.accept()
            threading.Thread(target=serve, args=(connection, context, globals()[mode]), daemon=True).start()

    threading.Thread(target=accept_all, daemon=True).start()
    sys.stdin.read()
    deadline = time.monotonic() + 2
    while time.monotonic() < deadline:
        with lock:
            if len(counts["closes"]) == counts["handshakes"]:
                break
        time.sleep(0.01)
    print(json.dumps(counts), flush=True)


main()
