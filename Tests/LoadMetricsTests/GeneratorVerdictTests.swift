import LoadMetrics
import Quantities
import TestSupport
import Testing

/// A case of `generator-records.txt`.
private struct GeneratorRecord: CustomTestStringConvertible, Sendable {
    let testDescription: String
    var seconds: [GeneratorSecond] = []
    var pressure = HostPressure()
    var limit: String?
    var expected = ""

    static let all: [GeneratorRecord] = {
        guard let text = try? TextFile.read(Fixture("generator-records.txt").path) else {
            preconditionFailure("there are no generator records")
        }
        // The head is one paragraph; each case is one behind it.
        let paragraphs = text.split(separator: "\n\n").dropFirst()
        return paragraphs.map { GeneratorRecord($0.split(separator: "\n").map(String.init)) }
    }()

    private init(_ lines: [String]) {
        testDescription = String(lines[0].dropFirst(2))
        for line in lines.dropFirst() {
            let words = line.split(separator: " ").map(String.init)
            if !expected.isEmpty {
                expected += "\n" + line
            } else if words[0] == "=" {
                expected = words[1]
            } else if words[0] == "limit" {
                limit = words[1]
            } else if words[0] == "steal" {
                pressure.steal = Self.share(words[1])
            } else if words[0] == "running" {
                pressure.running = Self.share(words[1])
            } else if words[0] == "waiting" {
                pressure.waiting = Self.share(words[1])
            } else if words[0] == "throttled" {
                pressure.throttledMicroseconds = UInt64(Self.nanoseconds(words[1]) / 1000)
            } else {
                seconds += Self.seconds(line)
            }
        }
    }

    private static func seconds(_ line: String) -> [GeneratorSecond] {
        let parts = line.split(separator: "|", omittingEmptySubsequences: false).map {
            $0.split { " ×/".contains($0) }.map(String.init)
        }
        let lags = stride(from: 0, to: parts[1].count, by: 2).flatMap { index in
            Array(repeating: nanoseconds(parts[1][index + 1]), count: Int(parts[1][index]) ?? 0)
        }
        let second = GeneratorSecond(
            due: UInt64(parts[0][1]) ?? 0, startedInTime: UInt64(parts[0][2]) ?? 0,
            lagNanoseconds: lags, busy: parts[2].map(share))
        return Array(repeating: second, count: Int(parts[0][0]) ?? 0)
    }

    private static func share(_ text: String) -> Double { (Double(text.dropLast()) ?? .nan) / 100 }

    private static func nanoseconds(_ text: String) -> Int64 { (try? DurationText.nanoseconds(of: text)) ?? -1 }
}

@Test(arguments: GeneratorRecord.all)
private func aGeneratorIsJudgedByWhatItRecorded(_ record: GeneratorRecord) throws {
    var thresholds = [try threshold("ws_ping", "p(95) > 1us"), try threshold("ws_errors", "count == 0")]
    if let limit = record.limit {
        thresholds += [try threshold("ws_ping", "p(99) < \(limit)"), try threshold("ws_ping", "max < 1h")]
    }
    let verdict = GeneratorVerdict(of: record.seconds, record.pressure, thresholds: thresholds)
    #expect(([verdict.grade.rawValue] + verdict.reasons).joined(separator: "\n") == record.expected)
    #expect(verdict.limits == (verdict.grade == .limited ? verdict.reasons : []))
}

@Suite struct HostCountersTests {
    @Test func readsTicks() throws {
        let text = "cpu  6598367 347254 701123 1868068 6462 0 73204 14846 12 3\ncpu0 1 2 3 4 5 6 7 8 9 10\n"
        let ticks = try #require(HostCounters.ticks(inProcStat: text))
        #expect(ticks.all == 6_598_367 + 347_254 + 701_123 + 1_868_068 + 6462 + 73_204 + 14_846)
        #expect(ticks.stolen == 14_846)
        for broken in [
            "", "cpu", "cpu0 1 2 3 4 5 6 7 8", "cpu 1 2 3 4 5 6 7", "cpu 1 2 3 x 5 6 7 8", "cpu 1 2 3 4 5 6 7 -8",
        ] {
            #expect(HostCounters.ticks(inProcStat: broken) == nil, "\(broken)")
        }
    }

    @Test(
        arguments: [
            ("usage_usec 1\nnr_periods 7\nnr_throttled 2\nthrottled_usec 1234567\nnr_bursts 0\n", 1_234_567),
            ("nr_periods 7\nnr_throttled 2\nthrottled_time 1234567890\n", 1_234_567),
            ("usage_usec 1\nuser_usec 1\n", nil),
            ("throttled_usec many\n", nil), ("", nil),
        ] as [(String, UInt64?)])
    func readsThrottledTime(_ text: String, _ microseconds: UInt64?) {
        #expect(HostCounters.throttledMicroseconds(inCPUStat: text) == microseconds)
    }

    @Test(arguments: [
        ("0::/\n", ["/sys/fs/cgroup/cpu.stat"]),
        ("0::/user.slice/a b:c\n", ["/sys/fs/cgroup/user.slice/a b:c/cpu.stat", "/sys/fs/cgroup/cpu.stat"]),
        (
            "4:memory:/x\n3:cpu,cpuacct:/docker/1\n2:cpuset:/\n",
            ["/sys/fs/cgroup/cpu,cpuacct/docker/1/cpu.stat", "/sys/fs/cgroup/cpu,cpuacct/cpu.stat"]
        ), ("", []), ("nonsense", []),
    ])
    func findsTheControlGroup(_ text: String, _ paths: [String]) {
        #expect(HostCounters.cpuStatPaths(inCgroup: text) == paths)
    }

    @Test func readsSchedules() throws {
        let schedule = try #require(HostCounters.schedule(inSchedstat: "905362 78236 12\n"))
        #expect(schedule == (905_362, 78_236))
        #expect(HostCounters.schedule(inSchedstat: "1 2") == nil)
    }

    @Test func pressureIsWhatWasAddedInBetween() {
        let start = HostCounters(
            allTicks: 1000, stolenTicks: 10, throttledMicroseconds: 5, ranNanoseconds: 700, waitedNanoseconds: 100)
        let end = HostCounters(
            allTicks: 1200, stolenTicks: 60, throttledMicroseconds: 9, ranNanoseconds: 2900, waitedNanoseconds: 200)
        let pressure = HostPressure(steal: 0.25, throttledMicroseconds: 4, running: 1, waiting: 0.05)
        #expect(end.pressure(since: start, inNanoseconds: 2000) == pressure)
        // A machine that was moved may count from anew.
        #expect(start.pressure(since: end, inNanoseconds: 2000) == HostPressure())
        let now = HostCounters.now()
        #expect(now.allTicks > 0 && now.ranNanoseconds > 0)
    }
}
