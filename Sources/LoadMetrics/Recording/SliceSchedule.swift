/// Where the time of a run is cut into slices: at every second, and where the `after` and the windows of its thresholds
/// begin and end. A slice so belongs to one step of the time series and to one window of each threshold.
///
/// It is a function of the plan alone: all loops cut at the same moments without asking each other.
package struct SliceSchedule: Sendable {
    package static let stepNanoseconds: Int64 = 1_000_000_000

    /// Cuts at `start`, and then each `period`; only at `start` without one. Since the run began.
    private struct Grid: Hashable {
        var start: Int64
        var period: Int64?

        func cut(after time: Int64) -> Int64? {
            if time < start { return start }
            guard let period else { return nil }
            return start + ((time - start) / period + 1) * period
        }
    }

    private let grids: [Grid]

    package init(_ thresholds: [Threshold] = []) {
        var grids: Set = [Grid(start: 0, period: Self.stepNanoseconds)]
        for threshold in thresholds where threshold.afterNanoseconds > 0 || threshold.windowNanoseconds != nil {
            grids.insert(Grid(start: threshold.afterNanoseconds, period: threshold.windowNanoseconds))
        }
        self.grids = Array(grids)
    }

    /// The first cut after a time, both since the run began.
    func cut(after time: Int64) -> Int64 {
        grids.reduce(.max) { earliest, grid in min(earliest, grid.cut(after: time) ?? .max) }
    }

    /// The slice that a time of the run lies in.
    func slice(at time: Int64) -> Range<Int64> {
        // Every second is a cut: the slice's start is not further back.
        var start = time / Self.stepNanoseconds * Self.stepNanoseconds
        var end = cut(after: start)
        while end <= time { (start, end) = (end, cut(after: end)) }
        return start..<end
    }
}

/// The slice that is open, for somebody who goes through them in turn.
struct SliceCuts: Sendable {
    private let schedule: SliceSchedule
    private let startNanoseconds: Int64
    /// Since the run began.
    private(set) var slice: Range<Int64>

    /// - Parameter startNanoseconds: when the run began, by its clock.
    init(_ schedule: SliceSchedule, startNanoseconds: Int64) {
        self.schedule = schedule
        self.startNanoseconds = startNanoseconds
        slice = schedule.slice(at: 0)
    }

    /// When the open slice ends, by the run's clock.
    var endNanoseconds: Int64 { startNanoseconds + slice.upperBound }

    func isOver(atNanoseconds time: Int64) -> Bool { time >= endNanoseconds }

    /// Goes on to the next slice.
    mutating func advance() { slice = slice.upperBound..<schedule.cut(after: slice.upperBound) }

    /// Goes on to the slice of a time, which is not before the open one.
    mutating func advance(toNanoseconds time: Int64) {
        slice = schedule.slice(at: max(time - startNanoseconds, slice.lowerBound))
    }
}
