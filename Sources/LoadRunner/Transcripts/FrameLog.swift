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
        var keptCount: UInt8

        var stride: Int { MemoryLayout<Entry>.stride &+ (Int(keptCount) &+ 7) & ~7 }
    }

    /// What it is, and which way it went.
    package enum Kind: UInt8, BitwiseCopyable {
        case sentText, sentBinary, sentPing, sentPong, sentClose
        case receivedText, receivedBinary, receivedPing, receivedPong, receivedClose
    }

    private static let firstCapacity = 128
    private static let lastCapacity = 2_048

    private var memory: UnsafeMutableRawPointer?
    // Every user has one of these, and 16 bits are enough for what never passes `lastCapacity`.
    /// Bytes of memory.
    private var capacity: UInt16 = 0
    /// Bytes in use.
    private var count: UInt16 = 0
    private var frameCount: UInt16 = 0
    /// Frames that had to make room for others.
    private var droppedCount = 0

    /// Memory that it has taken, in bytes.
    package var allocatedByteCount: Int { Int(capacity) }

    package init() {}

    deinit { memory?.deallocate() }

    /// Forgets all frames, and keeps the memory.
    package mutating func removeAll() {
        count = 0
        frameCount = 0
        droppedCount = 0
    }

    @inline(__always)
    package mutating func note(_ kind: Kind, _ payload: UnsafeRawBufferPointer, atNanoseconds now: Int64) {
        let kept = min(payload.count, Self.keptBytes)
        let entry = Entry(
            atNanoseconds: now, size: UInt32(clamping: payload.count), kind: kind, keptCount: UInt8(kept))
        let stride = entry.stride
        if Int(count) + stride > Int(capacity) { makeRoom(for: stride) }
        guard let memory else { preconditionFailure("a frame log of \(capacity) bytes without memory") }
        memory.storeBytes(of: entry, toByteOffset: Int(count), as: Entry.self)
        if let source = payload.baseAddress {
            (memory + Int(count) + MemoryLayout<Entry>.stride).copyMemory(from: source, byteCount: kept)
        }
        count += UInt16(stride)
        frameCount += 1
    }

    @inline(never)
    private mutating func makeRoom(for stride: Int) {
        let used = Int(count)
        var room = Int(capacity)
        // What is not shown any more goes first, if that makes room for more than this: a session with small frames, as one
        // that is idle but for its pings, takes little memory however many they are. (The frames are walked over once, and
        // not to count them: so making room takes 25 instructions a frame of 64 bytes, and took 120.)
        let unshown = Int(frameCount) + 1 - Self.shownFrames
        if unshown > 0 {
            var start = 0
            for _ in 0..<unshown { start += self.stride(at: start) }
            if used - start + stride <= room - room / 4 { return dropFirst(unshown, before: start) }
        }
        if room < Self.lastCapacity {
            room = max(Self.firstCapacity, room)
            while room < used + stride, room < Self.lastCapacity { room *= 2 }
            let moved = UnsafeMutableRawPointer.allocate(byteCount: room, alignment: MemoryLayout<Entry>.alignment)
            if let memory {
                moved.copyMemory(from: memory, byteCount: used)
                memory.deallocate()
            }
            memory = moved
            capacity = UInt16(room)
        }
        guard used + stride > room else { return }
        // A quarter at a time, so that what stays is moved once for several frames.
        var (dropped, start) = (0, 0)
        while dropped == 0 || used - start + stride > room - room / 4 {
            start += self.stride(at: start)
            dropped += 1
        }
        dropFirst(dropped, before: start)
    }

    private mutating func dropFirst(_ frames: Int, before start: Int) {
        guard let memory else { return }
        memory.copyMemory(from: memory + start, byteCount: Int(count) - start)
        count -= UInt16(start)
        frameCount -= UInt16(frames)
        droppedCount += frames
    }

    private func entry(at offset: Int, of memory: UnsafeMutableRawPointer) -> Entry {
        memory.load(fromByteOffset: offset, as: Entry.self)
    }

    /// How far it is from the frame that begins at `offset` to the next.
    private func stride(at offset: Int) -> Int { memory.map { entry(at: offset, of: $0).stride } ?? 0 }

    /// The last frames of a session that has been open since `openedNanoseconds`.
    package func transcript(openedNanoseconds opened: Int64, atNanoseconds now: Int64) -> SessionTranscript {
        var frames: [TranscriptFrame] = []
        var offset = 0
        while let memory, offset < count {
            let entry = entry(at: offset, of: memory)
            let payload = UnsafeRawBufferPointer(
                start: memory + offset + MemoryLayout<Entry>.stride, count: Int(entry.keptCount))
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
