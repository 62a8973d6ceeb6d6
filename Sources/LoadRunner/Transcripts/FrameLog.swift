package import LoadMetrics

/// The last frames of a session, for when something fails in it: as many as fit into 2 KiB, of each the first 200 bytes.
///
/// Every message passes here, so noting one is a copy and nothing else. Memory is taken as it is needed, up to the limit,
/// and kept for the user's next session: an idle connection has little, and a run with many messages allocates no more
/// than one with few.
package struct FrameLog: ~Copyable {
    /// Bytes of a payload that are kept.
    package static let keptBytes = 200
    /// Frames that are shown.
    package static let shownFrames = 10

    /// Where a frame lies: behind the one before it, with its payload behind itself, to the next multiple of eight bytes.
    private struct Entry: BitwiseCopyable {
        var atNanoseconds: Int64
        /// Of the whole payload; up to `UInt32.max`.
        var size: UInt32
        var kind: Kind

        var keptCount: Int { min(Int(size), FrameLog.keptBytes) }
        var stride: Int { FrameLog.stride(keeping: keptCount) }
    }

    /// What it is, and which way it went.
    package enum Kind: UInt8, BitwiseCopyable {
        case sentText, sentBinary, sentPing, sentPong, sentClose
        case receivedText, receivedBinary, receivedPing, receivedPong, receivedClose
    }

    private static let firstCapacity = 128
    private static let lastCapacity = 2_048

    private var memory: UnsafeMutableRawPointer?
    private var capacity = 0
    /// Bytes in use.
    private var count = 0
    /// Frames that had to make room for others.
    private var droppedCount = 0

    package init() {}

    deinit { memory?.deallocate() }

    private static func stride(keeping count: Int) -> Int { MemoryLayout<Entry>.stride + (count + 7) & ~7 }

    /// Forgets all frames, and keeps the memory.
    package mutating func removeAll() {
        count = 0
        droppedCount = 0
    }

    @inline(__always)
    package mutating func note(_ kind: Kind, _ payload: UnsafeRawBufferPointer, atNanoseconds now: Int64) {
        let entry = Entry(atNanoseconds: now, size: UInt32(clamping: payload.count), kind: kind)
        let stride = entry.stride
        if count + stride > capacity { makeRoom(for: stride) }
        guard let memory else { preconditionFailure("a frame log of \(capacity) bytes without memory") }
        memory.storeBytes(of: entry, toByteOffset: count, as: Entry.self)
        if let source = payload.baseAddress {
            (memory + count + MemoryLayout<Entry>.stride).copyMemory(from: source, byteCount: entry.keptCount)
        }
        count += stride
    }

    @inline(never)
    private mutating func makeRoom(for stride: Int) {
        // What is not shown any more goes first, if that makes room for more than this: a session with small frames, as one
        // that is idle but for its pings, takes little memory however many they are.
        let unshown = frameCount + 1 - Self.shownFrames
        if unshown > 0, count - offset(ofFrame: unshown) + stride <= capacity - capacity / 4 {
            return dropFirst(unshown)
        }
        if capacity < Self.lastCapacity {
            var larger = max(Self.firstCapacity, capacity)
            while larger < count + stride, larger < Self.lastCapacity { larger *= 2 }
            let moved = UnsafeMutableRawPointer.allocate(byteCount: larger, alignment: MemoryLayout<Entry>.alignment)
            if let memory {
                moved.copyMemory(from: memory, byteCount: count)
                memory.deallocate()
            }
            memory = moved
            capacity = larger
        }
        guard count + stride > capacity else { return }
        // A quarter at a time, so that what stays is moved once for several frames.
        var dropped = 1
        while count - offset(ofFrame: dropped) + stride > capacity - capacity / 4 { dropped += 1 }
        dropFirst(dropped)
    }

    private mutating func dropFirst(_ frames: Int) {
        guard let memory else { return }
        let start = offset(ofFrame: frames)
        memory.copyMemory(from: memory + start, byteCount: count - start)
        count -= start
        droppedCount += frames
    }

    private var frameCount: Int {
        var frames = 0
        var offset = 0
        while let memory, offset < count {
            offset += entry(at: offset, of: memory).stride
            frames += 1
        }
        return frames
    }

    /// Where a frame begins, 0 being the oldest; the end where there is no such frame.
    private func offset(ofFrame index: Int) -> Int {
        var offset = 0
        for _ in 0..<index {
            guard let memory, offset < count else { break }
            offset += entry(at: offset, of: memory).stride
        }
        return offset
    }

    private func entry(at offset: Int, of memory: UnsafeMutableRawPointer) -> Entry {
        memory.load(fromByteOffset: offset, as: Entry.self)
    }

    /// The last frames of a session that has been open since `openedNanoseconds`.
    package func transcript(openedNanoseconds opened: Int64, atNanoseconds now: Int64) -> SessionTranscript {
        var frames: [TranscriptFrame] = []
        var offset = 0
        while let memory, offset < count {
            let entry = entry(at: offset, of: memory)
            let payload = UnsafeRawBufferPointer(
                start: memory + offset + MemoryLayout<Entry>.stride, count: entry.keptCount)
            frames.append(
                TranscriptFrame(
                    entry.kind.direction, entry.kind.opcode, sinceNanoseconds: entry.atNanoseconds - opened,
                    size: Int(entry.size), payload: Array(payload)))
            offset += entry.stride
        }
        let shown = frames.suffix(Self.shownFrames)
        return SessionTranscript(
            openNanoseconds: now - opened, earlierCount: droppedCount + frames.count - shown.count,
            frames: Array(shown))
    }
}

extension FrameLog.Kind {
    fileprivate var direction: TranscriptFrame.Direction { rawValue < Self.receivedText.rawValue ? .sent : .received }

    fileprivate var opcode: TranscriptFrame.Opcode {
        switch self {
        case .sentText, .receivedText: .text
        case .sentBinary, .receivedBinary: .binary
        case .sentPing, .receivedPing: .ping
        case .sentPong, .receivedPong: .pong
        case .sentClose, .receivedClose: .close
        }
    }
}
