import LoadMetrics

extension MeasurementReader {
    /// How the generator fared.
    mutating func generator() throws(MeasurementError) -> GeneratorVerdict {
        var grade = GeneratorVerdict.Grade.clean
        var reasons: [String] = []
        var figures = GeneratorFigures()
        let names = [
            "grade", "reasons", "due", "started_in_time", "lag_p99_ms", "longest_lag_ms", "busy", "running", "waiting",
            "steal", "throttled_ms",
        ]
        try object(required: names) { reader, name throws(MeasurementError) in
            switch name {
            case "grade": grade = try reader.word(GeneratorVerdict.Grade.init)
            case "reasons": reasons = try reader.list { reader throws(MeasurementError) in try reader.string() }
            case "due": figures.due = try reader.count()
            case "started_in_time": figures.startedInTime = try reader.count()
            case "lag_p99_ms": figures.lagNanoseconds = try reader.nanoseconds()
            case "longest_lag_ms": figures.longestLagNanoseconds = try reader.nanoseconds()
            case "busy": figures.busy = try reader.share()
            case "running": figures.pressure.running = try reader.share()
            case "waiting": figures.pressure.waiting = try reader.share()
            case "steal": figures.pressure.steal = try reader.share()
            case "throttled_ms":
                figures.pressure.throttledMicroseconds = UInt64(max(0, try reader.nanoseconds())) / 1000
            default: return false
            }
            return true
        }
        return GeneratorVerdict(grade, reasons: reasons, figures)
    }

    private mutating func share() throws(MeasurementError) -> Double {
        let share = try double()
        guard share >= 0, share.isFinite else { throw error("a share should stand here") }
        return share
    }
}
