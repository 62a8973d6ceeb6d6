package import JSON

/// Measurements as JSON: nothing is lost, so that those of several shards can be merged and judged as if one process had
/// made them. Empty buckets are left out; times are nanoseconds.
extension RunMeasurements {
    package func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("version") { $0.int(Self.formatVersion) }
            writer.member("duration_ns") { $0.int(durationNanoseconds) }
            writer.member("metrics") { $0.array(metrics) { $0.write($1) } }
            writer.member("folded") { writer in
                writer.object { writer in
                    for (metric, tag) in snapshot.folded.tags.sorted(by: { $0.key < $1.key }) {
                        writer.member(metric) { $0.string(tag) }
                    }
                }
            }
            writer.member("series") { writer in
                writer.array(snapshot.series.sorted { $0.key < $1.key }) { writer, series in
                    writer.object { writer in
                        writer.write(series.key)
                        writer.member(series.value.kind) { $0.write(series.value) }
                    }
                }
            }
            writer.member("time_series") { $0.write(series) }
            writer.member("thresholds") { writer in
                writer.array(thresholds) { writer, threshold in
                    writer.write(threshold, ledgers.first { $0.threshold == threshold })
                }
            }
            if let abortedBy, let index = thresholds.firstIndex(of: abortedBy.threshold) {
                writer.member("aborted_by") { $0.write(abortedBy, ofThreshold: index) }
            }
        }
    }

    /// What a later version of the program that cannot read this any more would raise.
    static let formatVersion: Int64 = 1
}

extension SeriesData {
    /// The name under which its data stands.
    var kind: String {
        switch self {
        case .counter: "counter"
        case .amount: "amount"
        case .rate: "rate"
        case .trend: "trend"
        case .gauge(_, let isPart): isPart ? "part" : "gauge"
        case .level: "level"
        }
    }
}
