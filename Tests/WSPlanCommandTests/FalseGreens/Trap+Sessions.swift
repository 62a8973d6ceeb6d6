/// A session is opened, and does not go as it should.
extension Trap {
    static let sessions: [Trap] = [
        Trap(
            "a check that fails", .embedded,
            """
            on_open:
              - send: hello
            on_message:
              - check:
                  it is a reply: message.text != "hello"
              - close
            """,
            because: "1 of 1 session failed", "1 failed check: it is a reply", shown: [#"message.text  = "hello""#],
            passes: #"thresholds: {'checks{check="it is a reply"}': rate == 0%}"#),
        Trap(
            "a check that cannot be evaluated", .embedded, "on_open: [{send: hello}]",
            fails: "on_message: [{check: {it is the answer: message.json.answer == 42}}, close]",
            because: "1 failed check: it is the answer", shown: ["unknown word"],
            passes: "on_message: [{if: message.json.answer == 42, then: [{fail: no}]}, close]"),
        Trap(
            "a step that fails", .embedded, fails: "on_open: [{fail: this is wrong}]",
            because: "1 of 1 session failed", "1 failed check: this is wrong", passes: "on_open: [close]"),
        Trap(
            "an expression without a value in a handler", .embedded, "on_open: [{send: hello}]",
            fails: "on_message: [{send: '${message.json.answer}'}, close]",
            because: "1 of 1 session failed", "1 error: expression", passes: "on_message: [{send: again}, close]"),
        Trap(
            "an expression without a value in a timer", .embedded, "on_message: [close]",
            fails: "on_open: [{after: 1ms, do: [{send: '${from_json(scenario)}'}]}]",
            because: "1 of 1 session failed", "1 error: expression",
            passes: "on_open: [{after: 1ms, do: [{send: '${scenario}'}]}]"),
        Trap(
            "an await that is too late", .embedded, fails: "on_open: [{await: any, timeout: 100ms}, close]",
            because: "1 of 1 session failed", "1 failed check: await any", shown: ["no message came within 100ms"],
            passes: "on_open: [{await: any, timeout: 100ms, else: [ping]}, close]"),
        Trap(
            "an await that the peer cuts short", .peer("close-code", "1000"), "on_open: [{await: any}, close]",
            because: "1 of 1 session failed", "1 failed check: await any",
            passes: "", rightServer: .peer("tells", "81:6f6b")),
        Trap(
            "an await that its own session cuts short", .embedded,
            "on_open: [{after: 100ms, do: [close]}, {await: any, name: reply}]",
            fails: "thresholds: {'ws_await{name=reply}': count > 0}",
            because: "threshold ws_await{name=reply}: count > 0 (no samples)", passes: ""),
        Trap(
            "the end of the load under every await", .embedded,
            "load: {vus: 2, duration: 1s}\non_open: [{await: any, name: reply}]",
            fails: "thresholds: {'ws_await{name=reply}': max < 5s}",
            because: "threshold ws_await{name=reply}: max < 5s (no samples)", passes: ""),
        Trap(
            "a peer that closes with 1011", .peer("close-code", "1011"),
            because: "1 of 1 session failed", "1 error: close_code", shown: ["1011", "the peer's reason"],
            passes: "expect: {close: 1011}"),
        Trap(
            "a peer that closes with 4000", .peer("close-code", "4000"),
            because: "1 of 1 session failed", "1 error: close_code", shown: ["4000", "the peer's reason"],
            passes: "expect: {close: [1000, 4000]}"),
        Trap(
            "a session that ends before its steps", .peer("close-code", "1000"),
            "on_open: [{wait: 10s}, {send: hello}]",
            fails: "expect: {closed_by: plan}",
            because: "1 of 1 session failed", "1 failed check: closed by plan", passes: "expect: {closed_by: peer}"),
        Trap(
            "a session that ends before its checks", .peer("close-code", "1000"),
            "on_open: [{wait: 10s}, {check: {it is done: true}}]",
            fails: "thresholds: {'checks{check=\"it is done\"}': rate > 99%}",
            because: "(no samples)", shown: ["it is done"], passes: ""),
        Trap(
            "a connection that is reset", .peer("reset-after-open"), because: "1 of 1 session failed", "1 error: ",
            passes: "expect: {errors: [reset, abnormal_closure]}"),
        Trap(
            "the end of the stream without a Close frame", .peer("sends-and-ends", "8104676f6f64"),
            because: "1 of 1 session failed", "1 error: abnormal_closure", shown: ["without a Close frame"],
            passes: "expect: {errors: abnormal_closure}"),
        Trap(
            "a frame that breaks a rule", .peer("sends", "8300"),
            because: "1 of 1 session failed", "1 error: protocol",
            passes: "expect: {errors: protocol}"),
        Trap(
            "text that is none", .peer("tells", "81:c328"), "on_message: [close]",
            because: "1 of 1 session failed", "1 error: utf8", passes: "", rightServer: .peer("tells", "82:c328")),
        Trap(
            "a message beyond the limit", .peer("tells", "81*2000"), "on_message: [close]",
            fails: "connect: {max_message_size: 1KiB}",
            because: "1 of 1 session failed", "1 error: too_big", passes: "connect: {max_message_size: 2KiB}"),
        Trap(
            "no answer to our close", .peer("no-answer-to-close"), "on_open: [close]", timeouts: "close: 200ms",
            because: "1 of 1 session failed", "1 error: close_timeout", passes: "", rightServer: .peer("echo")),
        Trap(
            "a message after our close", .embedded, "on_open: [close]", fails: "on_close: [{send: too late}]",
            because: "1 of 1 session failed", "1 error: close_sent", passes: "on_close: [{log: closed}]"),
        Trap(
            "a peer that answers no ping", .peer("data-without-pongs"), "on_open: [{wait: 300ms}, close]",
            fails: "connect: {keepalive: {interval: 30ms, timeout: 100ms}}",
            because: "1 of 1 session failed", "1 error: timeout",
            passes: "connect: {keepalive: {interval: 10s, timeout: 10s}}", rightServer: .peer("echo")),
        Trap(
            "more marks than a session can have", .embedded,
            fails: "on_open: [{for: i, in: range(65537), do: [{mark: 'm-${i}'}]}, close]",
            because: "1 of 1 session failed", "1 error: generator", shown: ["65536 marks"],
            passes: "on_open: [{for: i, in: range(65536), do: [{mark: 'm-${i}'}]}, close]"),
    ]
}
