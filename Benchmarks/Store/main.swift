import Glibc
import LoadMetrics

// What a sample costs in the metrics store: nanoseconds of processor time, the fastest of several rounds.
//
//     .build/release/store-benchmark [SAMPLES]
//
// Preloaded with `malloc-count.so`, two runs with different SAMPLES make the same number of allocations: none is a sample's.

let arguments = CommandLine.arguments
let samples = arguments.count > 1 ? Int(arguments[1]) ?? 0 : 10_000_000
let rounds = 5
/// Between two passes of a loop.
let samplesPerPass = 64

func processorNanoseconds() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
}

/// Times of a microsecond to a tenth of a second, most of them short, from a table: making them is not to be measured.
let times: [Int64] = {
    var state: UInt64 = 42
    return (0..<4096).map { _ in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int64(1000 * exp(Double(state >> 40) / Double(1 << 24) * log(1e5)))
    }
}()

@inline(__always)
func measure(_ name: String, on recorder: MetricsRecorder, _ sample: (Int) -> Void) {
    var best = Int64.max
    for _ in 0..<rounds {
        let start = processorNanoseconds()
        for index in 0..<samples {
            // The clock stands: slices are cut once a second, and not by samples.
            if index % samplesPerPass == 0 { recorder.advance(toNanoseconds: 0) }
            sample(index)
        }
        best = min(best, processorNanoseconds() - start)
    }
    let hundredths = samples == 0 ? 0 : best * 100 / Int64(samples)
    print("\(name): \(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100) ns")
}

let live = LiveMetrics(thresholds: [], loopCount: 1, startNanoseconds: 0)
let recorder = MetricsRecorder(live.order(forLoop: 0))
let tags: TagSet = ["scenario": "main", "url": "ws://127.0.0.1/"]
let counter = recorder.series(.wsMsgsSent, tags)
let check = recorder.series(.checks, tags.with("check", "a"))
let ping = recorder.series(.wsPing, tags)
let await_ = recorder.series(.wsAwait, tags.with("name", "a"))
let amount = recorder.series(.custom("amount", .counter), tags)
let price = recorder.series(.custom("price", .trend), tags)
let depth = recorder.series(.custom("depth", .gauge), tags)

times.withUnsafeBufferPointer { times in
    measure("counter", on: recorder) { _ in recorder.add(counter) }
    measure("rate", on: recorder) { index in index % 8 == 0 ? recorder.fail(check) : recorder.pass(check) }
    measure("trend", on: recorder) { recorder.record(ping, nanoseconds: times[$0 & 4095]) }
    measure("trend that is watched", on: recorder) { recorder.record(await_, nanoseconds: times[$0 & 4095]) }
    measure("counter of the plan's own", on: recorder) { recorder.add(amount, amount: Double($0)) }
    measure("trend of numbers", on: recorder) { recorder.record(price, number: Double(times[$0 & 4095])) }
    measure("gauge of the plan's own", on: recorder) { recorder.set(depth, to: Double($0), atNanoseconds: Int64($0)) }
}

// What a cut costs, with every series sampled in between.
var cuts: Int64 = 0
let before = processorNanoseconds()
let snapshotCuts = 200
for second in 1...snapshotCuts {
    for index in 0..<100 { recorder.record(await_, nanoseconds: times[index]) }
    recorder.advance(toNanoseconds: Int64(second) * 1_000_000_000)
    cuts += 1
}
let cutNanoseconds = (processorNanoseconds() - before) / cuts
print("a slice of 100 samples, cut: \(cutNanoseconds / 1000) us")
let beforeAdding = processorNanoseconds()
_ = live.advance()
print("a slice, added up: \((processorNanoseconds() - beforeAdding) / cuts / 1000) us")
