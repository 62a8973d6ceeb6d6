/// A threshold looks at nothing, or tolerates what it is not about.
extension Trap {
    private static let deaf = """
        metrics: {depth: gauge, good: rate, size: trend, bad: counter}
        on_open:
          - if: vu.id > 1
            then: [{record: {depth: 1, good: true, size: 1, bad: 1}}]
          - close
        """

    /// A session each in two windows of two seconds, the second of which the load's end cuts short: in it one more fails.
    private static let lateFailure = """
        load: {vus: 1, duration: 3s}
        on_open:
          - if: vu.iteration == 1
            then: [{wait: 2100ms}]
          - if: vu.iteration > 2
            then: [{wait: 10s}]
          - check: {it is early: vu.iteration < 2}
          - close
        """

    static let thresholds: [Trap] = [
        Trap(
            "a condition that does not hold", .embedded, "on_open: [close]",
            fails: "thresholds: {ws_connecting: max < 1us}", because: "threshold ws_connecting: max < 1us",
            passes: "thresholds: {ws_connecting: max < 1m}"),
        Trap(
            "a trend without samples", .embedded, deaf, fails: "thresholds: {size: p(99) < 1000000}",
            because: "threshold size: p(99) < 1000000 (no samples)", passes: "thresholds: {bad: count == 0}"),
        Trap(
            "a gauge without samples", .embedded, deaf, fails: "thresholds: {depth: max < 1000000}",
            because: "threshold depth: max < 1000000 (no samples)", passes: "thresholds: {bad: count < 10}"),
        Trap(
            "a rate without samples", .embedded, deaf, fails: "thresholds: {good: rate < 100%}",
            because: "threshold good: rate < 100% (no samples)", passes: "thresholds: {bad: rate < 1/s}"),
        Trap(
            "the minimum of nothing", .embedded, deaf, fails: "thresholds: {size: count == 0}",
            because: "threshold size: count == 0 (no samples)",
            passes: "thresholds: {ws_errors: count == 0, ws_inbox_dropped: count == 0, dropped_iterations: count == 0}"),
        Trap(
            "a window that is never full", .embedded, "on_open: [close]",
            fails: "thresholds: {ws_errors: {that: count == 0, window: 1m}}",
            because: "threshold ws_errors: count == 0, in every 1m (no window was full)",
            passes: "thresholds: {ws_errors: {that: count == 0}}"),
        Trap(
            "samples from before the time that counts", .embedded, "on_open: [close]",
            fails: "thresholds: {ws_connecting: {that: max < 1h, after: 1m}}",
            because: "threshold ws_connecting: max < 1h, after 1m (no samples)",
            passes: "thresholds: {ws_connecting: {that: max < 1h, after: 0s}}"),
        Trap(
            "a threshold that would abort, and has no samples", .embedded, deaf,
            fails: "thresholds: {size: {that: max < 1000000, abort: true}}",
            because: "threshold size: max < 1000000 (no samples)",
            passes: "thresholds: {bad: {that: count < 1, abort: true}}"),
        Trap(
            "a check that fails too often", .embedded,
            "load: {vus: 1, iterations: 100}\non_open: [{check: {it is early: vu.iteration < 99}}, close]",
            fails: "thresholds: {'checks{check=\"it is early\"}': rate > 99%}",
            because: "threshold checks{check=it is early}: rate > 99%",
            passes: "thresholds: {'checks{check=\"it is early\"}': rate >= 99%}"),
        Trap(
            "checks are tolerated, and an error happened", .peer("close-code", "1011"), "on_open: [{wait: 5s}]",
            fails: "thresholds: {checks: rate >= 0%}",
            because: "1 of 1 session failed", "1 error: close_code", passes: "thresholds: {ws_errors: count <= 1}"),
        Trap(
            "one check is tolerated, and another one fails", .embedded,
            "on_open: [{check: {first: true, second: false}}, close]",
            fails: "thresholds: {'checks{check=first}': rate >= 0%}",
            because: "1 of 1 session failed", "1 failed check: second",
            passes: "thresholds: {'checks{check=second}': rate >= 0%}"),
        Trap(
            "one kind of error is tolerated, and another one happens", .peer("close-code", "1011"),
            fails: "thresholds: {'ws_errors{kind=timeout}': count < 10}",
            because: "1 of 1 session failed", "1 error: close_code",
            passes: "thresholds: {'ws_errors{kind=close_code}': count < 10}"),
        Trap(
            "failures of one scenario are tolerated, and another one fails", .embedded,
            """
            on_open:
              - check:
                  it is the first: scenario == "first"
              - close
            scenarios: {first: {}, second: {}}
            """,
            fails: "thresholds: {'ws_session_failed{scenario=first}': rate <= 100%}",
            because: "1 of 2 sessions failed", "1 failed check: it is the first",
            passes: "thresholds: {'ws_session_failed{scenario=second}': rate <= 100%}"),
        Trap(
            "failures are tolerated in windows, and happen behind the last full one", .embedded, lateFailure,
            fails: "thresholds: {ws_session_failed: {that: rate < 1%, window: 2s}}",
            because: "threshold ws_session_failed: rate < 1%, in every 2s",
            "(failed behind the last full window, from 2s on)",
            passes: "thresholds: {ws_session_failed: {that: rate <= 50%, window: 2s}}"),
        Trap(
            "every failure is tolerated, and nothing was opened", .nobody,
            "on_open: [close]\nthresholds: {ws_session_failed: rate <= 100%}",
            because: "no session was opened", passes: "", rightServer: .embedded),
    ]
}
