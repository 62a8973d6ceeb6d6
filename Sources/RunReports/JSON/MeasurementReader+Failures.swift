import Diagnostics
import LoadMetrics

/// What a report says of failures, marks and measures.
extension MeasurementReader {
    mutating func check() throws(MeasurementError) -> (CheckSummary.Key, FailureInstance?) {
        var (name, scenario) = ("", "")
        var group: String?
        var first: FailureInstance?
        let names = ["name", "group", "scenario", "first_failure"]
        try object(required: names) { reader, member throws(MeasurementError) in
            switch member {
            case "name": name = try reader.string()
            case "group": group = try reader.isNull() ? nil : try reader.string()
            case "scenario": scenario = try reader.string()
            case "first_failure": first = try reader.isNull() ? nil : try reader.failure()
            default: return false
            }
            return true
        }
        return (CheckSummary.Key(name, group: group, scenario: scenario), first)
    }

    mutating func errorKind() throws(MeasurementError) -> (ErrorSummary.Key, FailureInstance?) {
        var (kind, scenario) = ("", "")
        var first: FailureInstance?
        try object(required: ["kind", "scenario", "first"]) { reader, member throws(MeasurementError) in
            switch member {
            case "kind": kind = try reader.string()
            case "scenario": scenario = try reader.string()
            case "first": first = try reader.isNull() ? nil : try reader.failure()
            default: return false
            }
            return true
        }
        return (ErrorSummary.Key(kind, scenario: scenario), first)
    }

    private mutating func failure() throws(MeasurementError) -> FailureInstance {
        var failure = FailureInstance(message: "", vuID: 0, iteration: 0, sinceStartNanoseconds: 0)
        let names = ["message", "vu", "iteration", "since_start_ms", "values", "answer", "transcript"]
        try object(required: names) { reader, name throws(MeasurementError) in
            switch name {
            case "message": failure.message = try reader.string()
            case "vu": failure.vuID = Int(try reader.count())
            case "iteration": failure.iteration = Int(try reader.count())
            case "since_start_ms": failure.sinceStartNanoseconds = try reader.nanoseconds()
            case "span": failure.span = try reader.spans(1)[0]
            case "values":
                failure.operands = try reader.list { reader throws(MeasurementError) in try reader.operand() }
            case "answer": failure.answer = try reader.isNull() ? nil : try reader.answer()
            case "transcript": failure.transcript = try reader.isNull() ? nil : try reader.transcript()
            default: return false
            }
            return true
        }
        return failure
    }

    private mutating func operand() throws(MeasurementError) -> FailureInstance.Operand {
        var operand = FailureInstance.Operand("", "")
        try object(required: ["expression", "value", "depth"]) { reader, name throws(MeasurementError) in
            switch name {
            case "expression": operand.text = try reader.string()
            case "value": operand.value = try reader.string()
            // Each level is indented; expressions are not nested any deeper.
            case "depth": operand.depth = Int(try reader.int(0...1_000))
            default: return false
            }
            return true
        }
        return operand
    }

    private mutating func answer() throws(MeasurementError) -> FailureInstance.Answer {
        var answer = FailureInstance.Answer(status: 0)
        try object(required: ["status", "headers", "body_start"]) { reader, name throws(MeasurementError) in
            switch name {
            case "status": answer.status = Int(try reader.int(0...999))
            case "headers":
                answer.headers = try reader.list { reader throws(MeasurementError) in
                    var header = FailureInstance.Answer.Header("", "")
                    try reader.object(required: ["name", "value"]) { reader, member throws(MeasurementError) in
                        switch member {
                        case "name": header.name = try reader.string()
                        case "value": header.value = try reader.string()
                        default: return false
                        }
                        return true
                    }
                    return header
                }
            case "body_start": answer.body = Array(try reader.string().utf8)
            default: return false
            }
            return true
        }
        return answer
    }

    // MARK: Transcripts

    private mutating func transcript() throws(MeasurementError) -> SessionTranscript {
        var transcript = SessionTranscript(openNanoseconds: 0, frames: [])
        try object(required: ["open_ms", "earlier_frames", "frames"]) { reader, name throws(MeasurementError) in
            switch name {
            case "open_ms": transcript.openNanoseconds = try reader.nanoseconds()
            case "earlier_frames": transcript.earlierCount = Int(try reader.count())
            case "frames":
                transcript.frames = try reader.list { reader throws(MeasurementError) in try reader.frame() }
            default: return false
            }
            return true
        }
        return transcript
    }

    private mutating func frame() throws(MeasurementError) -> TranscriptFrame {
        var frame = TranscriptFrame(.sent, .text, sinceNanoseconds: 0, size: 0, payload: [])
        var code: Int64?
        var reason = ""
        let names = ["since_open_ms", "direction", "opcode", "size", "cut"]
        try object(required: names) { reader, name throws(MeasurementError) in
            switch name {
            case "since_open_ms": frame.sinceNanoseconds = try reader.nanoseconds()
            case "direction": frame.direction = try reader.word(TranscriptFrame.Direction.init)
            case "opcode": frame.opcode = try reader.word(TranscriptFrame.Opcode.init)
            case "size": frame.size = Int(try reader.count())
            case "cut": frame.isCut = try reader.bool()
            case "code": code = try reader.isNull() ? nil : try reader.int(0...Int64(UInt16.max))
            case "reason": reason = try reader.string()
            case "payload_start": frame.payload = Array(try reader.string().utf8)
            case "payload_start_hex": frame.payload = try reader.hexadecimal()
            default: return false
            }
            return true
        }
        if let code { frame.payload = [UInt8(code >> 8), UInt8(code & 0xFF)] + Array(reason.utf8) }
        return frame
    }

    private mutating func hexadecimal() throws(MeasurementError) -> [UInt8] {
        let digits = try string().utf8.map { Character(UnicodeScalar($0)).hexDigitValue }
        guard digits.count.isMultiple(of: 2), !digits.contains(nil) else {
            throw error("hexadecimal digits should stand here")
        }
        return stride(from: 0, to: digits.count, by: 2).map {
            UInt8((digits[$0] ?? 0) << 4 | (digits[$0 + 1] ?? 0))
        }
    }

    // MARK: Marks

    mutating func mark() throws(MeasurementError) -> MarkSummary {
        var (key, scenario) = ("", "")
        var counts: [String: UInt64] = [:]
        let names = ["set", "measured", "replaced", "never_measured", "cut"]
        try object(required: ["key", "scenario"] + names) { reader, name throws(MeasurementError) in
            switch name {
            case "key": key = try reader.string()
            case "scenario": scenario = try reader.string()
            case _ where names.contains(name): counts[name] = try reader.count()
            default: return false
            }
            return true
        }
        let read = names.map { counts[$0] ?? 0 }
        return MarkSummary(
            key: key, scenario: scenario, set: read[0], measured: read[1], replaced: read[2], neverMeasured: read[3],
            cut: read[4])
    }

    /// One whose metric is not known yet.
    struct MissedMeasure {
        var metric = ""
        var tags = TagSet()
        var since = ""
        var scenario = ""
        var withoutMark: UInt64 = 0
        var inFuture: UInt64 = 0

        /// Nil where there is no such metric.
        func summary(_ catalog: MetricCatalog) -> MissedMeasureSummary? {
            catalog[name: metric].map {
                MissedMeasureSummary(
                    metric: MetricSelector($0, tags), since: since, scenario: scenario, withoutMark: withoutMark,
                    inFuture: inFuture)
            }
        }
    }

    mutating func missedMeasure() throws(MeasurementError) -> MissedMeasure {
        var missed = MissedMeasure()
        let names = ["metric", "tags", "since", "scenario", "without_mark", "in_future"]
        try object(required: names) { reader, name throws(MeasurementError) in
            switch name {
            case "metric": missed.metric = try reader.string()
            case "tags":
                try reader.object { reader, name throws(MeasurementError) in
                    missed.tags.set(Tag(name, try reader.string()))
                    return true
                }
            case "since": missed.since = try reader.string()
            case "scenario": missed.scenario = try reader.string()
            case "without_mark": missed.withoutMark = try reader.count()
            case "in_future": missed.inFuture = try reader.count()
            default: return false
            }
            return true
        }
        return missed
    }
}
