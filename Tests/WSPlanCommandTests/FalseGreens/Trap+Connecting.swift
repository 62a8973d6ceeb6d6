/// Nothing, or not the right thing, is connected to.
extension Trap {
    static let connecting: [Trap] = [
        Trap(
            "nobody listens", .nobody, "on_open: [close]",
            because: "no session was opened", "1 of 1 session failed", "1 error: refused",
            passes: "expect: {errors: refused}"),
        Trap(
            "a host without an address", .url("ws://nonexistent.invalid/"), "on_open: [close]",
            because: "no session was opened", "1 error: dns", shown: ["nonexistent.invalid"],
            passes: "expect: {errors: dns}"),
        Trap(
            "an answer of 200", .peer("status", "200"),
            because: "no session was opened", "1 failed check: status is 101", shown: ["HTTP status 200"],
            passes: "expect: {status: 200}"),
        Trap(
            "an answer of 401", .peer("status", "401"),
            because: "no session was opened", "1 failed check: status is 101",
            shown: ["HTTP status 401", "this is the body of a 401"],
            passes: "expect: {status: 401}"),
        Trap(
            "an answer of 503", .peer("status", "503"),
            because: "no session was opened", "1 failed check: status is 101", shown: ["HTTP status 503"],
            passes: "expect: {status: [101, 503]}"),
        Trap(
            "a session where a refusal was expected", .peer("echo"),
            fails: "expect: {status: 401}", because: "1 of 1 session failed", "1 failed check: status is 401",
            passes: "on_open: [close]"),
        Trap(
            "an answer that leads elsewhere", .peer("routes", "/ 301 | Location: /there"), "on_open: [close]",
            because: "no session was opened", "1 failed check: status is 101", shown: ["HTTP status 301", "/there"],
            passes: "connect: {follow_redirects: 1}"),
        Trap(
            "an answer with a wrong key", .peer("wrong-accept"), "on_open: [close]",
            because: "no session was opened", "1 error: handshake", shown: ["Sec-WebSocket-Accept"],
            passes: "expect: {errors: handshake}"),
        Trap(
            "a server that nobody vouches for", .tls, "on_open: [close]",
            because: "no session was opened", "1 error: tls", shown: ["certificate"],
            passes: "connect: {tls: {ca: CERTIFICATES/ca.pem}}"),
        Trap(
            "a server that takes the connection and says nothing", .peer("silent"), "on_open: [close]",
            timeouts: "connect: 200ms",
            because: "no session was opened", "1 error: timeout", passes: "", rightServer: .peer("echo")),
        Trap(
            "the same, where the load ends before the time is up", .peer("silent"),
            fails: "load: {vus: 2, duration: 200ms}", because: "no session was opened",
            passes: "load: {vus: 2, duration: 1s}", rightServer: .embedded),
        Trap(
            "a scenario that nobody answers before the load ends", .peer("routes", "/deaf 101 | Wait: 30"),
            "load: {vus: 1, duration: 1s}", fails: "scenarios: {one: {}, two: {url: SERVERdeaf}}",
            because: "no session of the scenario 'two' was opened",
            passes: "scenarios: {one: {}, two: {url: SERVERother}}"),
        Trap(
            "a connection that is reset before the answer", .peer("reset-after-request"), "on_open: [close]",
            because: "no session was opened", "1 error: reset", passes: "", rightServer: .peer("echo")),
        Trap(
            "another subprotocol", .peer("echo"), "connect: {subprotocols: [chat]}\non_open: [close]",
            fails: "expect: {subprotocol: chat}",
            because: "1 of 1 session failed", "1 failed check: subprotocol is chat", passes: ""),
        Trap(
            "a session that opens too late", .peer("routes", "/ 101 | Wait: 0.3"), "on_open: [close]",
            fails: "expect: {within: 100ms}",
            because: "1 failed check: open within 100ms", passes: "expect: {within: 20s}"),
        Trap(
            "a value that cannot be had before the connect", .embedded, "on_open: [close]",
            fails: "vars: {number: '${int(scenario)}'}", because: "1 of 1 session failed", "1 error: expression",
            shown: ["int of \"default\""], passes: "vars: {number: '${scenario}'}"),
    ]
}
