import Expressions
import Glibc
import LoadMetrics

extension Benchmark {
    /// What a sample costs, of each kind, and what the end of a second does.
    static var ofStore: [Benchmark] {
        [
            sampling("counter", "a counter") { operations in
                record(.wsMsgsSent, operations) { recorder, series, _ in recorder.add(series) }
            },
            sampling("rate", "a rate") { operations in
                record(.checks, operations) { recorder, series, time in
                    time % 8 == 0 ? recorder.fail(series) : recorder.pass(series)
                }
            },
            sampling("trend", "a trend") { operations in
                record(.wsPing, operations) { recorder, series, time in recorder.record(series, nanoseconds: time) }
            },
            sampling("watched", "a trend of which each second has its distribution") { operations in
                record(.wsAwait, operations) { recorder, series, time in recorder.record(series, nanoseconds: time) }
            },
            sampling("amount", "a counter of the plan's own") { operations in
                record(.custom("amount", .counter), operations) { recorder, series, time in
                    recorder.add(series, amount: Double(time))
                }
            },
            sampling("numbers", "a trend of numbers") { operations in
                record(.custom("price", .trend), operations) { recorder, series, time in
                    recorder.record(series, number: Double(time))
                }
            },
            sampling("gauge", "a gauge of the plan's own") { operations in
                record(.custom("depth", .gauge), operations) { recorder, series, time in
                    recorder.set(series, to: Double(time), atNanoseconds: 0)
                }
            },
            // Once a second, whatever the number of samples: what a loop delivers, and what another thread makes of it.
            Benchmark(
                "slice", "100 samples of a trend, cut and added up to the time series", weight: 100, mostAllocations: 4
            ) { operations in
                slice(.wsPing, operations)
            },
            Benchmark(
                "slice-watched", "the same of one of which each second has its distribution", weight: 1000,
                mostAllocations: 13
            ) { operations in
                slice(.wsAwait, operations)
            },
        ]
    }

    private static func sampling(
        _ kind: String, _ metric: String, measure: @escaping (_ operations: Int) -> Int64
    ) -> Benchmark {
        Benchmark("store-\(kind)", "a sample of \(metric)", mostNanoseconds: 25, measure: measure)
    }

    /// - Parameter sample: gives the recorder a sample of the series, out of a time in nanoseconds.
    @inline(__always)
    private static func record(
        _ metric: MetricDefinition, _ operations: Int, _ sample: (MetricsRecorder, SeriesID, Int64) -> Void
    ) -> Int64 {
        let live = LiveMetrics(thresholds: [], loopCount: 1, startNanoseconds: 0)
        let recorder = MetricsRecorder(live.order(forLoop: 0))
        let series = recorder.series(metric, tags)
        return times.withUnsafeBufferPointer { times in
            fastestRound {
                for index in 0..<operations {
                    // Between two passes of a loop; slices are cut once a second, and not by samples.
                    if index % 64 == 0 { recorder.advance(toNanoseconds: 0) }
                    sample(recorder, series, times[index & (times.count - 1)])
                }
            }
        }
    }

    private static func slice(_ metric: MetricDefinition, _ operations: Int) -> Int64 {
        let live = LiveMetrics(thresholds: [], loopCount: 1, startNanoseconds: 0)
        let recorder = MetricsRecorder(live.order(forLoop: 0))
        let series = recorder.series(metric, tags)
        let times = Self.times
        var second: Int64 = 0
        return fastestRound {
            for _ in 0..<operations {
                for index in 0..<100 { recorder.record(series, nanoseconds: times[index]) }
                second += 1
                recorder.advance(toNanoseconds: second * 1_000_000_000)
                _ = live.advance()
            }
        }
    }

    private static var tags: TagSet { ["scenario": "main", "url": "ws://127.0.0.1/"] }

    /// Of a microsecond to a tenth of a second, most of them short. As many as a power of two.
    private static var times: [Int64] {
        var random = RandomSeed(42).stream
        return (0..<4096).map { _ in Int64(1000 * exp(Double(random.next() >> 40) / Double(1 << 24) * log(1e5))) }
    }
}
