import Glibc

/// What this machine lets a process have. Nil is what it does not tell.
package struct HostLimits: Hashable, Sendable {
    /// How many files and sockets may be open (getrlimit(2), RLIMIT_NOFILE).
    package var descriptors: Int?
    /// How many ports the kernel gives to connections between any two addresses (ip(7), ip_local_port_range).
    package var portsPerPair: Int?
    /// What is free, in bytes, of the machine's memory or of what the process's control group may have of it.
    package var memoryBytes: Int?

    package init(descriptors: Int? = nil, portsPerPair: Int? = nil, memoryBytes: Int? = nil) {
        self.descriptors = descriptors
        self.portsPerPair = portsPerPair
        self.memoryBytes = memoryBytes
    }

    package func ports(on path: PortPath) -> Int? {
        portsPerPair.map { perPair in
            let left = max(0, perPair - path.listeningCount)
            let (product, overflows) = left.multipliedReportingOverflow(by: path.pairCount)
            return overflows ? .max : product
        }
    }
}

// MARK: - Texts of the kernel

extension HostLimits {
    /// `MemAvailable` of `/proc/meminfo`, in bytes: what can be had without swapping (proc(5)).
    package static func availableBytes(inMeminfo text: String) -> Int? {
        number("MemAvailable:", in: text).map { $0 << 10 }
    }

    /// How many ports are in `ip_local_port_range` and not in `ip_local_reserved_ports`, which is a list like `8080,9000-9010`.
    package static func portCount(inRange text: String, reserved: String = "") -> Int? {
        let ends = text.split(whereSeparator: \.isWhitespace).compactMap { Int($0) }
        guard ends.count == 2, ends[0] <= ends[1] else { return nil }
        let range = ends[0]...ends[1]
        let taken = reserved.split { $0 == "," || $0.isWhitespace }.reduce(0) { sum, part in
            let ends = part.split(separator: "-").compactMap { Int($0) }
            guard let first = ends.first, let last = ends.last, first <= last else { return sum }
            return (first...last).overlaps(range) ? sum + (first...last).clamped(to: range).count : sum
        }
        return range.count - taken
    }

    /// The folders that may hold the memory limits of a process, by its `/proc/self/cgroup`: that of its control group, and
    /// those of the groups around it. In a container the path may be that outside, so the mount's root comes as well.
    package static func memoryFolders(inCgroup text: String) -> [String] {
        var folders: [String] = []
        for line in text.split(separator: "\n") {
            let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard fields.count == 3 else { continue }
            let controllers = fields[1].split(separator: ",")
            guard controllers.isEmpty || controllers.contains("memory") else { continue }
            let mount = controllers.isEmpty ? "/sys/fs/cgroup" : "/sys/fs/cgroup/memory"
            var names = fields[2].split(separator: "/")
            while !names.isEmpty {
                folders.append(mount + "/" + names.joined(separator: "/"))
                names.removeLast()
            }
            folders.append(mount)
        }
        return folders
    }

    /// What a control group may still have, in bytes; nil without a limit. Files that are cached and not in use count as its
    /// own, but are given back when memory is needed.
    package static func freeBytes(limit: String, usage: String, stat: String) -> Int? {
        func whole(_ text: String) -> Int? { Int(text.filter { !$0.isWhitespace }) }
        guard let limit = whole(limit), let usage = whole(usage) else { return nil }
        let cached = number("total_inactive_file", in: stat) ?? number("inactive_file", in: stat) ?? 0
        return max(0, limit - max(0, usage - cached))
    }

    /// The number behind a word at the beginning of a line.
    private static func number(_ word: String, in text: String) -> Int? {
        for line in text.split(separator: "\n") {
            let words = line.split(whereSeparator: \.isWhitespace)
            if words.count >= 2, words[0] == word { return Int(words[1]) }
        }
        return nil
    }
}

// MARK: - Reading them

extension HostLimits {
    /// As they are now, with the soft limit of descriptors raised to the hard one, which holds from then on.
    package static func raised() -> HostLimits {
        let ranges = "/proc/sys/net/ipv4/ip_local_"
        return HostLimits(
            descriptors: raiseDescriptors(),
            portsPerPair: file(ranges + "port_range").flatMap {
                portCount(inRange: $0, reserved: file(ranges + "reserved_ports") ?? "")
            },
            memoryBytes: freeMemory())
    }

    private static func raiseDescriptors() -> Int? {
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        var limit = rlimit()
        guard getrlimit(resource, &limit) == 0 else { return nil }
        let soft = limit.rlim_cur
        limit.rlim_cur = limit.rlim_max
        return Int(clamping: setrlimit(resource, &limit) == 0 ? limit.rlim_max : soft)
    }

    private static func freeMemory() -> Int? {
        var free = file("/proc/meminfo").flatMap(availableBytes).map { [$0] } ?? []
        for folder in file("/proc/self/cgroup").map(memoryFolders) ?? [] {
            // The names of cgroup v2, then those of v1.
            for (limit, usage) in [("max", "current"), ("limit_in_bytes", "usage_in_bytes")] {
                guard let limit = file("\(folder)/memory.\(limit)"), let usage = file("\(folder)/memory.\(usage)"),
                    let bytes = freeBytes(limit: limit, usage: usage, stat: file("\(folder)/memory.stat") ?? "")
                else { continue }
                free.append(bytes)
            }
        }
        return free.min()
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
