import LoadRunner
import Testing

/// What runs need, held against what machines have, from figures and from texts of the kernel.
@Suite struct PreflightTests {
    private func sessions(_ count: Int, to path: PortPath? = nil) -> RunNeeds.Sessions {
        RunNeeds.Sessions(count, to: path)
    }

    @Test func descriptorsAreThoseOfSessionsLoopsAndTheProcess() {
        #expect(RunNeeds([sessions(100)], loopCount: 2, hasServer: false).descriptors == 100 + 2 * 3 + 32)
        #expect(RunNeeds([sessions(60), sessions(40)], loopCount: 2, hasServer: false).descriptors == 138)
        // The other ends, the server's loop, and where it listens.
        #expect(RunNeeds([sessions(100)], loopCount: 1, hasServer: true).descriptors == 100 + 3 + 32 + 100 + 3 + 1)
    }

    @Test func portsAreCountedByPath() {
        let (one, other) = (PortPath(to: "192.0.2.1:80"), PortPath(to: "192.0.2.1:443"))
        let needs = RunNeeds(
            [(10, one), (20, nil), (0, other), (5, other), (7, one)].map { sessions($0, to: $1) },
            loopCount: 1, hasServer: false)
        #expect(needs.ports == [.init(one, 17), .init(other, 5)])
    }

    @Test func aServerOnThisMachineTakesItsPortFromAllAddresses() {
        let path = PortPath(to: "the embedded server", pairCount: 2, listeningCount: 1)
        #expect(HostLimits(portsPerPair: 10).ports(on: path) == 18)
        #expect(HostLimits(portsPerPair: 0).ports(on: path) == 0)
    }

    @Test func memoryGrowsWithSessionsAndWhatTheyUse() {
        func bytes(_ memory: SessionMemory, server: Bool = false) -> Int {
            let needs = { RunNeeds([.init($0, memory: memory)], loopCount: 1, hasServer: server).memoryBytes }
            return (needs(1_000) - needs(0)) / 1_000
        }
        let plain = bytes(SessionMemory())
        #expect((4 << 10...16 << 10).contains(plain))
        #expect(bytes(SessionMemory(), server: true) == 2 * plain)
        #expect(bytes(SessionMemory(speaksTLS: true)) > plain + (20 << 10))
        #expect(bytes(SessionMemory(compressionBytes: 288 << 10)) == plain + (288 << 10))
    }

    struct Machine: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let host: HostLimits
        let shortages: [Shortage]
    }

    private static let pairs = PortPath(to: "192.0.2.1:80", pairCount: 3)
    private static let needs = RunNeeds([.init(1_000, to: pairs)], loopCount: 1, hasServer: false)

    static let machines = [
        Machine(testDescription: "tells nothing", host: HostLimits(), shortages: []),
        Machine(
            testDescription: "has just enough",
            host: HostLimits(descriptors: 1_035, portsPerPair: 334, memoryBytes: needs.memoryBytes), shortages: []),
        Machine(
            testDescription: "has one descriptor too few", host: HostLimits(descriptors: 1_034),
            shortages: [.descriptors(needed: 1_035, limit: 1_034)]),
        Machine(
            testDescription: "has one port too few", host: HostLimits(portsPerPair: 333),
            shortages: [.ports(.init(pairs, 1_000), available: 999)]),
        Machine(
            testDescription: "has one byte too few", host: HostLimits(memoryBytes: needs.memoryBytes - 1),
            shortages: [.memory(needed: needs.memoryBytes, free: needs.memoryBytes - 1)]),
        Machine(
            testDescription: "has too little of everything",
            host: HostLimits(descriptors: 64, portsPerPair: 10, memoryBytes: 0),
            shortages: [
                .descriptors(needed: 1_035, limit: 64), .ports(.init(pairs, 1_000), available: 30),
                .memory(needed: needs.memoryBytes, free: 0),
            ]),
        Machine(
            testDescription: "has no limit",
            host: HostLimits(descriptors: .max, portsPerPair: .max, memoryBytes: .max), shortages: []),
    ]

    @Test(arguments: machines) func everyShortageIsFound(_ machine: Machine) {
        #expect(Self.needs.shortages(on: machine.host) == machine.shortages)
    }

    @Test(
        arguments: [
            ("32768\t60999\n", "\n", 28_232), ("1024 65535", "", 64_512), ("40000 40000", "", 1),
            ("32768 60999", "8080,40000-40009,60999-61005\n", 28_232 - 10 - 1), ("32768 60999", "1-65535", 0),
            ("60999 32768", "", nil), ("32768", "", nil), ("", "", nil),
        ] as [(String, String, Int?)])
    func portsAreThoseOfTheRangeThatAreNotReserved(_ range: String, _ reserved: String, _ count: Int?) {
        #expect(HostLimits.portCount(inRange: range, reserved: reserved) == count)
    }

    @Test func memoryIsWhatTheKernelHoldsToBeAvailable() {
        let text = "MemTotal:       24681880 kB\nMemFree:   20000000 kB\nMemAvailable:   23841000 kB\nBuffers: 1 kB\n"
        #expect(HostLimits.availableBytes(inMeminfo: text) == 23_841_000 * 1_024)
        #expect(HostLimits.availableBytes(inMeminfo: "MemTotal: 1 kB\n") == nil)
    }

    @Test(arguments: [
        ("0::/\n", ["/sys/fs/cgroup"]),
        (
            "0::/system.slice/runner.service\n",
            [
                "/sys/fs/cgroup/system.slice/runner.service", "/sys/fs/cgroup/system.slice", "/sys/fs/cgroup",
            ]
        ),
        (
            "5:cpu,cpuacct:/a\n4:memory:/docker/1f\n1:name=systemd:/x\n",
            ["/sys/fs/cgroup/memory/docker/1f", "/sys/fs/cgroup/memory/docker", "/sys/fs/cgroup/memory"]
        ),
        ("", []), ("nonsense\n", []),
    ])
    func limitsOfMemoryAreThoseOfAllGroupsAround(_ text: String, _ folders: [String]) {
        #expect(HostLimits.memoryFolders(inCgroup: text) == folders)
    }

    @Test(
        arguments: [
            ("max\n", "1000\n", "", nil), ("1000000\n", "400000\n", "", 600_000),
            ("1000000\n", "400000\n", "anon 1\ninactive_file 300000\n", 900_000),
            ("1000000\n", "400000\n", "inactive_file 1\ntotal_inactive_file 300000\n", 900_000),
            ("1000000\n", "1200000\n", "inactive_file 100000\n", 0),
            ("1000000\n", "400000\n", "inactive_file 500000\n", 1_000_000), ("", "", "", nil),
        ] as [(String, String, String, Int?)])
    func aGroupMayHaveWhatItDoesNotUse(_ limit: String, _ usage: String, _ stat: String, _ free: Int?) {
        #expect(HostLimits.freeBytes(limit: limit, usage: usage, stat: stat) == free)
    }

    @Test func thisMachineTellsWhatItHas() throws {
        let host = HostLimits.raised()
        #expect(try #require(host.descriptors) >= 64)
        #expect(try #require(host.portsPerPair) > 0)
        #expect(try #require(host.memoryBytes) > 0)
        #expect(host.descriptors == HostLimits.raised().descriptors)
    }
}
