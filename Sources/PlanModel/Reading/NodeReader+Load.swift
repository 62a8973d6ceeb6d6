import Diagnostics
import PlanSyntax

/// `load`: what all shapes of it have in common.
extension NodeReader {
    static let loadKeys = KeySpace(
        owner: "'load'",
        known: [
            "vus", "duration", "iterations", "iterations_per_vu", "start_vus", "stages", "rate", "start_rate",
            "max_vus",
            "start_after", "ramp_up", "pause", "graceful_stop",
        ],
        foreign: ["arrival_rate": "rate", "start_time": "start_after", "delay": "start_after", "ramping": "stages"])
    private static let pauseKeys = KeySpace(
        owner: "'pause'", known: ["min", "max"],
        needed: [NeededKey("min", .duration), NeededKey("max", .duration)])

    mutating func load(_ node: PlanNode) -> Load {
        var load = Load()
        load.span = node.span
        let state = (findings.count, unknownCount)
        guard let fields = fields(node, of: Self.loadKeys, example: "load:\n  vus: 10\n  duration: 30s") else {
            load.isWhollyKnown = false
            return load
        }
        let duration = fields["duration"].flatMap { knownDuration($0, of: "'duration'", "duration: 30s") }
        load.shape = shape(fields, duration: duration)
        if let node = fields["start_after"] {
            load.startAfterNanoseconds =
                self.duration(node, of: "'start_after'", "start_after: 10s", orZero: true).value
        }
        let rampUp = fields["ramp_up"].flatMap { knownDuration($0, of: "'ramp_up'", "ramp_up: 10s", orZero: true) }
        load.rampUpNanoseconds = rampUp?.value ?? 0
        if let rampUp, let duration { check(rampUp, of: load.shape, within: duration) }
        if let node = fields["graceful_stop"] {
            load.gracefulStopNanoseconds =
                self.duration(node, of: "'graceful_stop'", "graceful_stop: 5s", orZero: true).value
        }
        if let node = fields["pause"] { load.pause = pause(node) }
        load.isWhollyKnown = state == (findings.count, unknownCount)
        return load
    }

    private mutating func check(_ rampUp: Located<Int64>, of shape: Load.Shape, within duration: Located<Int64>) {
        // Another shape has no such key, which has been said.
        guard shape.hasConstantVUs, rampUp.value > duration.value else { return }
        report(
            .outOfRange, .rampUpAboveDuration, at: rampUp.span,
            help: "the load would end before the last virtual users have started",
            notes: [Diagnostic.Note("the load ends after this time", at: duration.span)])
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

    mutating func reportConflict(
        _ first: LocatedText, _ second: LocatedText, help: String = "leave one of them out"
    ) {
        let (first, second) = first.span.start <= second.span.start ? (first, second) : (second, first)
        report(
            .conflictingKeys, .conflict(first.text, second.text), at: second.span, help: help,
            notes: [Diagnostic.Note("'\(first.text)' stands here", at: first.span)])
    }
}

extension Diagnostic.Message {
    fileprivate static let rampUpAboveDuration = Self("'ramp_up' is longer than 'duration'")

    fileprivate static let minAboveMax = Self("'max' is shorter than 'min'")

    fileprivate static func conflict(_ first: String, _ second: String) -> Self {
        Self("'\(second)' cannot stand beside '\(first)'")
    }
}
