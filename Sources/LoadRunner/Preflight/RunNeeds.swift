/// What a run needs of the machine that makes it when it has the most of everything.
package struct RunNeeds: Hashable, Sendable {
    /// The sessions of one scenario.
    package struct Sessions: Hashable, Sendable {
        /// How many there are at once, at the most.
        package var count: Int
        /// Where they go; nil where that takes no port of this machine, or shows only while the run goes on.
        package var path: PortPath?
        package var memory: SessionMemory
        /// What is measured in them, on each loop.
        package var histograms: HistogramCount

        package init(
            _ count: Int, to path: PortPath? = nil, memory: SessionMemory = SessionMemory(),
            histograms: HistogramCount = HistogramCount()
        ) {
            self.count = count
            self.path = path
            self.memory = memory
            self.histograms = histograms
        }
    }

    /// How many sessions there are at once on one path.
    package struct Ports: Hashable, Sendable {
        package var path: PortPath
        package var count: Int

        package init(_ path: PortPath, _ count: Int) {
            self.path = path
            self.count = count
        }
    }

    /// Those of a loop: its epoll set, timerfd and eventfd.
    private static let descriptorsPerLoop = 3
    /// For the standard streams, reports, the signals' eventfd, libdispatch and look-ups of names.
    private static let descriptorReserve = 32
    /// Of a run without sessions: the program itself and its loops.
    private static let baseBytes = 20 << 20

    package var sessions: Int
    /// Whether the embedded server is in the same process.
    package var hasServer: Bool
    package var descriptors: Int
    /// By path, in the order of the scenarios.
    package var ports: [Ports]
    /// An estimate.
    package var memoryBytes: Int
    /// The part of it that histograms take.
    package var histogramBytes: Int

    /// - Parameter hasServer: the embedded server has the other end of every connection, a loop, and the socket that it
    ///   listens at.
    package init(_ scenarios: [Sessions], loopCount: Int, hasServer: Bool) {
        sessions = scenarios.reduce(0) { $0 + $1.count }
        self.hasServer = hasServer
        descriptors = sessions + loopCount * Self.descriptorsPerLoop + Self.descriptorReserve
        if hasServer { descriptors += sessions + Self.descriptorsPerLoop + 1 }
        ports = []
        histogramBytes = scenarios.reduce(0) { $0 + $1.histograms.bytes(loopCount: loopCount) }
        memoryBytes = Self.baseBytes + histogramBytes
        for scenario in scenarios {
            let ends = hasServer ? 2 : 1
            memoryBytes += scenario.count * scenario.memory.bytes * ends
            guard let path = scenario.path, scenario.count > 0 else { continue }
            if let index = ports.firstIndex(where: { $0.path == path }) {
                ports[index].count += scenario.count
            } else {
                ports.append(Ports(path, scenario.count))
            }
        }
    }
}

/// From where to where connections go. Each of them takes a local port of its own among those with the same two addresses
/// and the same remote port (RFC 9293 §3.3.1).
package struct PortPath: Hashable, Sendable {
    /// For people: `example.com:443`.
    package var destination: String
    /// How many pairs there are of an address of this machine and one of the destination.
    package var pairCount: Int
    /// How many ports a server on this machine listens at: the kernel gives none of them to connections of any address.
    package var listeningCount: Int

    package init(to destination: String, pairCount: Int = 1, listeningCount: Int = 0) {
        self.destination = destination
        self.pairCount = pairCount
        self.listeningCount = listeningCount
    }
}

/// What a session that waits takes, the kernel's part of it included. Measured (Benchmarks/idle_memory.py), and rounded up.
package struct SessionMemory: Hashable, Sendable {
    /// Ours is 3 KiB; a socket, its file and its place in the epoll set are some 5 KiB more.
    private static let plainBytes = 8 << 10
    private static let tlsBytes = 30 << 10

    package var speaksTLS: Bool
    /// What deflate and inflate keep for this session alone; 0 without compression, or where they are shared.
    package var compressionBytes: Int

    package init(speaksTLS: Bool = false, compressionBytes: Int = 0) {
        self.speaksTLS = speaksTLS
        self.compressionBytes = compressionBytes
    }

    package var bytes: Int { Self.plainBytes + (speaksTLS ? Self.tlsBytes : 0) + compressionBytes }
}
