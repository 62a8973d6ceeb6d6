import Glibc

/// What the kernel counts of a machine and a process. Two of them, from the start and the end of a run, tell the pressure
/// in between.
package struct HostCounters: Equatable, Sendable {
    /// Of all processors, in ticks, since the machine started: everything, and what went to other guests.
    package var allTicks: UInt64 = 0
    package var stolenTicks: UInt64 = 0
    /// How long this process's control group was held back by its quota; 0 without one.
    package var throttledMicroseconds: UInt64 = 0
    /// How long the threads of this process ran, all of them together, and were ready to run and had no processor.
    package var ranNanoseconds: UInt64 = 0
    package var waitedNanoseconds: UInt64 = 0

    package init(
        allTicks: UInt64 = 0, stolenTicks: UInt64 = 0, throttledMicroseconds: UInt64 = 0, ranNanoseconds: UInt64 = 0,
        waitedNanoseconds: UInt64 = 0
    ) {
        self.allTicks = allTicks
        self.stolenTicks = stolenTicks
        self.throttledMicroseconds = throttledMicroseconds
        self.ranNanoseconds = ranNanoseconds
        self.waitedNanoseconds = waitedNanoseconds
    }

    /// What was taken away since `earlier`.
    ///
    /// - Parameter nanoseconds: the time in between, as many times as there are loops.
    package func pressure(since earlier: HostCounters, inNanoseconds nanoseconds: Int64) -> HostPressure {
        func grown(_ counter: KeyPath<HostCounters, UInt64>) -> UInt64 {
            self[keyPath: counter] > earlier[keyPath: counter] ? self[keyPath: counter] - earlier[keyPath: counter] : 0
        }
        func share(_ counter: KeyPath<HostCounters, UInt64>) -> Double {
            nanoseconds <= 0 ? 0 : min(1, Double(grown(counter)) / Double(nanoseconds))
        }
        let all = grown(\.allTicks)
        return HostPressure(
            steal: all == 0 ? 0 : Double(grown(\.stolenTicks)) / Double(all),
            throttledMicroseconds: grown(\.throttledMicroseconds), running: share(\.ranNanoseconds),
            waiting: share(\.waitedNanoseconds))
    }
}

// MARK: - Texts of the kernel

extension HostCounters {
    /// The first line of `/proc/stat`: user, nice, system, idle, iowait, irq, softirq, steal, and two that are in user and
    /// nice already (proc(5)). Nil where there is none.
    package static func ticks(inProcStat text: String) -> (all: UInt64, stolen: UInt64)? {
        let line = text.prefix { $0 != "\n" }.split(separator: " ")
        guard line.first == "cpu" else { return nil }
        let ticks = line.dropFirst().prefix(8).compactMap { UInt64($0) }
        guard ticks.count == 8 else { return nil }
        return (ticks.reduce(0, &+), ticks[7])
    }

    /// `throttled_usec` of a `cpu.stat` of cgroup v2, or `throttled_time`, in nanoseconds, of v1; nil without a quota.
    package static func throttledMicroseconds(inCPUStat text: String) -> UInt64? {
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ")
            guard words.count == 2, let value = UInt64(words[1]) else { continue }
            if words[0] == "throttled_usec" { return value }
            if words[0] == "throttled_time" { return value / 1000 }
        }
        return nil
    }

    /// Where the `cpu.stat` of a process may lie, by its `/proc/self/cgroup`; in a container its path may be that outside, so
    /// the mount's root comes as well.
    package static func cpuStatPaths(inCgroup text: String) -> [String] {
        var paths: [String] = []
        for line in text.split(separator: "\n") {
            let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard fields.count == 3 else { continue }
            let controllers = fields[1].split(separator: ",")
            guard controllers.isEmpty || controllers.contains("cpu") else { continue }
            let mount = controllers.isEmpty ? "/sys/fs/cgroup" : "/sys/fs/cgroup/\(fields[1])"
            for path in [fields[2] == "/" ? "" : String(fields[2]), ""] {
                let file = "\(mount)\(path)/cpu.stat"
                if !paths.contains(file) { paths.append(file) }
            }
        }
        return paths
    }

    /// Nanoseconds that a thread ran, and that it was ready and had no processor, from its `schedstat`; nil where the kernel
    /// does not count them.
    package static func schedule(inSchedstat text: String) -> (ran: UInt64, waited: UInt64)? {
        let numbers = text.split { $0 == " " || $0 == "\n" }.compactMap { UInt64($0) }
        return numbers.count == 3 ? (numbers[0], numbers[1]) : nil
    }
}

// MARK: - Reading them

extension HostCounters {
    /// As they are now; what this kernel does not tell is 0.
    package static func now() -> HostCounters {
        var counters = HostCounters()
        if let ticks = file("/proc/stat").flatMap(ticks) {
            (counters.allTicks, counters.stolenTicks) = (ticks.all, ticks.stolen)
        }
        let paths = file("/proc/self/cgroup").map(cpuStatPaths) ?? []
        counters.throttledMicroseconds =
            paths.lazy.compactMap { file($0).flatMap(throttledMicroseconds) }.first ?? 0
        for thread in entries(of: "/proc/self/task") {
            guard let schedule = file("/proc/self/task/\(thread)/schedstat").flatMap(schedule) else { continue }
            counters.ranNanoseconds &+= schedule.ran
            counters.waitedNanoseconds &+= schedule.waited
        }
        return counters
    }

    /// What the kernel has counted of the thread that asks: nanoseconds that it ran, and that it was ready and had no
    /// processor, which is 0 where the kernel does not say.
    package static func thread() -> (ran: UInt64, waited: UInt64) {
        if let schedule = file("/proc/thread-self/schedstat").flatMap(schedule) { return schedule }
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return (UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec), 0)
    }

    /// The names of the numbers in a folder of the kernel's.
    private static func entries(of path: String) -> [String] {
        guard let folder = opendir(path) else { return [] }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name.utf8.first != UInt8(ascii: ".") { names.append(name) }
        }
        return names
    }

    /// A small file of the kernel's, as far as its first 16 KiB; nil where there is none.
    private static func file(_ path: String) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        let bytes = [UInt8](unsafeUninitializedCapacity: 16_384) { buffer, count in
            count = max(0, read(descriptor, buffer.baseAddress, buffer.count))
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
