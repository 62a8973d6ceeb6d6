import Diagnostics
import JSON
import LoadMetrics

/// What failed, and how sessions ended.
extension JSONReport {
    mutating func write(_ check: CheckSummary) {
        object {
            $0.member("name", check.key.name)
            $0.member("group", check.key.group)
            $0.member("scenario", check.key.scenario)
            $0.member("passes", check.passes)
            $0.member("fails", check.fails)
            $0.member("first_failure") { $0.write(check.firstFailure) }
        }
    }

    mutating func write(_ error: ErrorSummary) {
        object {
            $0.member("kind", error.key.kind)
            $0.member("scenario", error.key.scenario)
            $0.member("count", error.count)
            $0.member("expected") { $0.writer.bool(error.isExpected) }
            $0.member("first") { $0.write(error.first) }
        }
    }

    private mutating func write(_ failure: FailureInstance?) {
        guard let failure else { return writer.null() }
        let position = failure.span.map { plan.position(at: $0.start) }
        object {
            $0.member("message", failure.message)
            $0.member("vu", UInt64(failure.vuID))
            $0.member("iteration", UInt64(failure.iteration))
            $0.member("since_start_ms", milliseconds: Double(failure.sinceStartNanoseconds))
            if let span = failure.span, let position {
                $0.member("line", UInt64(position.line))
                $0.member("column", UInt64(position.column))
                $0.member("span") { $0.array([span.start, span.end]) { $0.writer.int(Int64($1)) } }
            }
            $0.member("values") { report in
                report.array(failure.operands) { report, operand in
                    report.object {
                        $0.member("expression", operand.text)
                        $0.member("value", operand.value)
                        $0.member("depth", UInt64(operand.depth))
                    }
                }
            }
            $0.member("answer") { $0.write(failure.answer) }
            $0.member("transcript") { $0.write(failure.transcript) }
        }
    }

    private mutating func write(_ transcript: SessionTranscript?) {
        guard let transcript else { return writer.null() }
        object {
            $0.member("open_ms", milliseconds: Double(transcript.openNanoseconds))
            $0.member("earlier_frames", UInt64(transcript.earlierCount))
            $0.member("frames") { $0.array(transcript.frames) { $0.write($1) } }
        }
    }

    private mutating func write(_ frame: TranscriptFrame) {
        object {
            $0.member("since_open_ms", milliseconds: Double(frame.sinceNanoseconds))
            $0.member("direction", frame.direction.rawValue)
            $0.member("opcode", frame.opcode.rawValue)
            $0.member("size", UInt64(frame.size))
            $0.member("cut") { $0.writer.bool(frame.isCut) }
            if frame.opcode == .close {
                $0.member("code") { report in
                    if let code = frame.closing?.code { report.writer.int(Int64(code)) } else { report.writer.null() }
                }
                $0.member("reason", String(decoding: frame.closing?.reason ?? [], as: UTF8.self))
            } else if frame.opcode == .text {
                $0.member("payload_start", FrameText(frame).wholeCharacters)
            } else {
                $0.member("payload_start_hex", FrameText.hexadecimal(frame.payload))
            }
        }
    }

    private mutating func write(_ answer: FailureInstance.Answer?) {
        guard let answer else { return writer.null() }
        object {
            $0.member("status", UInt64(answer.status))
            $0.member("headers") { report in
                report.array(answer.headers) { report, header in
                    report.object {
                        $0.member("name", header.name)
                        $0.member("value", header.value)
                    }
                }
            }
            $0.member("body_start", String(decoding: answer.body, as: UTF8.self))
        }
    }

    mutating func write(_ close: CloseSummary) {
        object {
            $0.member("code") { report in
                if let code = close.code { report.writer.int(Int64(code)) } else { report.writer.null() }
            }
            $0.member("by", close.by)
            $0.member("count", close.count)
        }
    }
}
