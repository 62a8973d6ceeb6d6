/// The metrics that every run measures (plan-language.md §6).
extension MetricDefinition {
    package static let wsSessions = MetricDefinition(
        "ws_sessions", .counter, summary: "WebSocket sessions attempted.")
    package static let wsMsgsSent = MetricDefinition(
        "ws_msgs_sent", .counter, summary: "Messages sent, control frames not among them.")
    package static let wsMsgsReceived = MetricDefinition(
        "ws_msgs_received", .counter, summary: "Messages received, control frames not among them.")
    package static let wsErrors = MetricDefinition(
        "ws_errors", .counter, ownTags: ["kind"], summary: "Errors of sessions, by kind.")
    package static let wsCloses = MetricDefinition(
        "ws_closes", .counter, ownTags: ["code", "by"],
        summary: "Established sessions that ended, by close code and by who ended them.")
    package static let wsInboxDropped = MetricDefinition(
        "ws_inbox_dropped", .counter,
        summary: "Messages dropped because the inbox that await reads was full.")
    package static let iterations = MetricDefinition(
        "iterations", .counter, summary: "Iterations that virtual users completed.")
    package static let droppedIterations = MetricDefinition(
        "dropped_iterations", .counter, summary: "Arrivals that found no free virtual user.")
    package static let dataSent = MetricDefinition(
        "data_sent", .counter, .bytes, summary: "Bytes written to sockets, handshakes and frame headers included.")
    package static let dataReceived = MetricDefinition(
        "data_received", .counter, .bytes, summary: "Bytes read from sockets, handshakes and frame headers included.")
    package static let wsPayloadSent = MetricDefinition(
        "ws_payload_sent", .counter, .bytes,
        summary: "Bytes of the messages sent, before they were compressed and framed.")
    package static let wsPayloadReceived = MetricDefinition(
        "ws_payload_received", .counter, .bytes, summary: "Bytes of the messages received, inflated.")

    package static let checks = MetricDefinition(
        "checks", .rate, ownTags: ["check"], summary: "Checks and expectations that held.")
    package static let wsSessionFailed = MetricDefinition(
        "ws_session_failed", .rate,
        summary: "Sessions with an unmet expectation, a failed check or an error.")

    package static let vus = MetricDefinition(
        "vus", .gauge, summary: "Virtual users that are running.")
    package static let vusMax = MetricDefinition(
        "vus_max", .gauge, summary: "Virtual users that the load provides for at most.")
    package static let wsOpen = MetricDefinition(
        "ws_open", .gauge, summary: "Sessions that are open.")

    package static let wsConnecting = MetricDefinition(
        "ws_connecting", .trend, .time,
        summary: "Time from the start of a connect to the answer of its handshake.")
    package static let wsDNS = MetricDefinition(
        "ws_dns", .trend, .time, summary: "The part of ws_connecting that resolved the host's name.")
    package static let wsTCP = MetricDefinition(
        "ws_tcp", .trend, .time, summary: "The part of ws_connecting that opened the connection.")
    package static let wsTLS = MetricDefinition(
        "ws_tls", .trend, .time, summary: "The part of ws_connecting that the TLS handshake took.")
    package static let wsUpgrade = MetricDefinition(
        "ws_upgrade", .trend, .time,
        summary: "The part of ws_connecting from the upgrade request to its answer.")
    package static let wsSessionDuration = MetricDefinition(
        "ws_session_duration", .trend, .time, summary: "Time from the opening of a session to its end.")
    package static let wsPing = MetricDefinition(
        "ws_ping", .trend, .time, summary: "Time from a ping to the pong that answers it.")
    package static let wsAwait = MetricDefinition(
        "ws_await", .trend, .time, ownTags: ["name"],
        summary: "Time until the message came that an await waited for, from what its since names.")
    package static let iterationDuration = MetricDefinition(
        "iteration_duration", .trend, .time,
        summary: "Time from the start of an iteration to its end, of those that the load's end did not cut short.")
    package static let timerLag = MetricDefinition(
        "timer_lag", .trend, .time, summary: "Time from when a tick of a timer was due to when it ran.")
}
