import Glibc

// What the small things cost that a run does for each message: nanoseconds of processor time, the fastest of several rounds.
//
//     .build/release/micro-benchmarks [--list] [ITERATIONS [NAME…]]
//
// A line for each: its name, how many operations there were, and how long one took. `--list` has its name, the limits of
// allocations and nanoseconds (`-` for none), and what one operation is, with tabs between. What is set up before the first operation
// does not depend on ITERATIONS: what two runs count in allocations or instructions differs by what their operations cost.

let benchmarks =
    Benchmark.ofCodec + Benchmark.ofCompression + Benchmark.ofExpressions + Benchmark.ofInterpreter + Benchmark.ofStore
    + Benchmark.ofTimerWheel

func fail(_ reason: String) -> Never {
    var words = "micro-benchmarks: \(reason)\n"
    words.withUTF8 { _ = write(STDERR_FILENO, $0.baseAddress, $0.count) }
    exit(2)
}

func twoDecimals(_ number: Double) -> String {
    let hundredths = Int((number * 100).rounded())
    return "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100)"
}

var arguments = CommandLine.arguments.dropFirst()
if arguments.first == "--list" {
    for benchmark in benchmarks {
        let time = benchmark.mostNanoseconds.map { "\($0)" } ?? "-"
        print("\(benchmark.name)\t\(benchmark.mostAllocations)\t\(time)\t\(benchmark.operation)")
    }
    exit(0)
}
let iterationsText = arguments.popFirst() ?? "1000000"
guard let iterations = Int(iterationsText), iterations > 0 else {
    fail("'\(iterationsText)' is no number of iterations")
}
for name in arguments where !benchmarks.contains(where: { $0.name == name }) {
    fail("'\(name)' is none of \(benchmarks.map(\.name).joined(separator: ", "))")
}
for benchmark in benchmarks where arguments.isEmpty || arguments.contains(benchmark.name) {
    let (operations, nanoseconds) = try benchmark.run(iterations: iterations)
    print("\(benchmark.name): \(operations) × \(twoDecimals(nanoseconds)) ns")
}
