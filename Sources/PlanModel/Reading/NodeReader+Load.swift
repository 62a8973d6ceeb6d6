import Diagnostics
import PlanSyntax

/// `load` and `timeouts`.
extension NodeReader {
    static let loadKeys = KeySpace(
        owner: "'load'",
        known: ["vus", "duration", "iterations", "iterations_per_vu", "ramp_up", "pause", "graceful_stop"],
        later: ["start_vus", "stages", "rate", "max_vus", "start_rate", "start_after"])
    private static let pauseKeys = KeySpace(
        owner: "'pause'", known: ["min", "max"],
        needed: [NeededKey("min", .duration), NeededKey("max", .duration)])
    private static let timeoutKeys = KeySpace(owner: "'timeouts'", known: ["connect", "await", "close", "session"])

    mutating func load(_ node: PlanNode) -> Load {
        var load = Load()
        guard let fields = fields(node, of: Self.loadKeys, example: "load:\n  vus: 10\n  duration: 30s") else {
            return load
        }
        load.vus = fields["vus"].map { integer($0, of: "'vus'", "vus: 10", in: 1...1_000_000) }
        load.iterations = fields["iterations"].map {
            integer($0, of: "'iterations'", "iterations: 100", in: 1...Int.max)
        }
        load.iterationsPerVU = fields["iterations_per_vu"].map {
            integer($0, of: "'iterations_per_vu'", "iterations_per_vu: 10", in: 1...Int.max)
        }
        if let node = fields["duration"] {
            let duration = knownDuration(node, of: "'duration'", "duration: 30s")
            load.duration = duration ?? Located(Self.anyDuration, at: node.span)
            if let node = fields["ramp_up"] { load.rampUpNanoseconds = rampUp(node, within: duration) }
        } else if let node = fields["ramp_up"] {
            load.rampUpNanoseconds = rampUp(node, within: nil)
        }
        if let node = fields["graceful_stop"] {
            load.gracefulStopNanoseconds =
                duration(node, of: "'graceful_stop'", "graceful_stop: 5s", orZero: true).value
        }
        if let node = fields["pause"] { load.pause = pause(node) }
        if let total = fields.entry("iterations"), let each = fields.entry("iterations_per_vu") {
            reportConflict(total.key, each.key)
        }
        return load
    }

    private mutating func rampUp(_ node: PlanNode, within duration: Located<Int64>?) -> Int64 {
        let rampUp = knownDuration(node, of: "'ramp_up'", "ramp_up: 10s", orZero: true)
        if let rampUp, let duration, rampUp.value > duration.value {
            report(
                .outOfRange, .rampUpAboveDuration, at: rampUp.span,
                help: "the load would end before the last virtual users have started",
                notes: [Diagnostic.Note("the load ends after this time", at: duration.span)])
        }
        return rampUp?.value ?? 0
    }

    private mutating func pause(_ node: PlanNode) -> Load.Pause {
        let example = "pause:\n  min: 1s\n  max: 3s"
        guard node.mapping != nil else {
            let fixed = duration(node, of: "'pause'", "pause: 500ms", orZero: true).value
            return Load.Pause(minNanoseconds: fixed, maxNanoseconds: fixed)
        }
        guard let fields = fields(node, of: Self.pauseKeys, example: example) else { return Load().pause }
        let bounds = ["min", "max"].map { key -> Located<Int64>? in
            guard let bound = fields[key] else {
                reportMissing(key, of: "'pause'", fields, example: example)
                return nil
            }
            return knownDuration(bound, of: "'\(key)'", "\(key): 1s", orZero: true)
        }
        guard let min = bounds[0], let max = bounds[1] else { return Load().pause }
        checkOrder(min, max)
        return Load.Pause(minNanoseconds: min.value, maxNanoseconds: Swift.max(min.value, max.value))
    }

    /// Reports a range of durations that ends before it starts.
    mutating func checkOrder(_ min: Located<Int64>, _ max: Located<Int64>) {
        if min.value > max.value { report(.outOfRange, .minAboveMax, at: max.span, help: "exchange the two") }
    }

    mutating func reportConflict(_ first: LocatedText, _ second: LocatedText) {
        let (first, second) = first.span.start <= second.span.start ? (first, second) : (second, first)
        report(
            .conflictingKeys, .conflict(first.text, second.text), at: second.span, help: "leave one of them out",
            notes: [Diagnostic.Note("'\(first.text)' stands here", at: first.span)])
    }

    mutating func timeouts(_ node: PlanNode) -> Timeouts {
        var timeouts = Timeouts()
        guard let fields = fields(node, of: Self.timeoutKeys, example: "timeouts:\n  connect: 3s") else {
            return timeouts
        }
        if let node = fields["connect"] {
            timeouts.connectNanoseconds = duration(node, of: "'connect'", "connect: 3s").value
        }
        if let node = fields["await"] {
            timeouts.awaitNanoseconds = duration(node, of: "'await'", "await: 2s").value
        }
        if let node = fields["close"] {
            timeouts.closeNanoseconds = duration(node, of: "'close'", "close: 2s").value
        }
        if let node = fields["session"] {
            timeouts.sessionNanoseconds = duration(node, of: "'session'", "session: 1m").value
        }
        return timeouts
    }
}

extension Diagnostic.Message {
    fileprivate static let rampUpAboveDuration = Self("'ramp_up' is longer than 'duration'")

    fileprivate static let minAboveMax = Self("'max' is shorter than 'min'")

    fileprivate static func conflict(_ first: String, _ second: String) -> Self {
        Self("'\(second)' cannot stand beside '\(first)'")
    }
}
