/// Gathers what the series of one recorder counted since the last cut, by track.
struct SliceCutter {
    /// A series, and what of it has gone into slices.
    struct Entry {
        let id: SeriesID
        /// Indices of the tracks that it is a part of.
        let tracks: [Int]
        var delivered: SeriesData?
    }

    let order: SliceOrder
    private(set) var cuts: SliceCuts
    private(set) var entries: [Entry] = []
    private var keys: [SeriesKey] = []
    private var isWatched: [Bool] = []
    private var indices: [SeriesKey: Int] = [:]

    init(_ order: SliceOrder) {
        self.order = order
        cuts = SliceCuts(order.schedule, startNanoseconds: order.startNanoseconds)
    }

    /// The tracks that a new series is a part of, and whether one of them needs its distribution.
    mutating func tracks(of metric: MetricDefinition, _ tags: TagSet) -> (indices: [Int], isWatched: Bool) {
        let isAwait = metric.name == MetricDefinition.wsAwait.name
        var tracks = [track(SeriesKey(metric, metric.trackTags(of: tags)), isWatched: isAwait)]
        for watch in order.watches where watch.selects(metric, tags) {
            let index = track(SeriesKey(metric, watch.tags), isWatched: true)
            if !tracks.contains(index) { tracks.append(index) }
        }
        return (tracks, tracks.contains { isWatched[$0] })
    }

    private mutating func track(_ key: SeriesKey, isWatched watched: Bool) -> Int {
        let index = indices[key] ?? keys.count
        if index == keys.count {
            indices[key] = index
            keys.append(key)
            isWatched.append(false)
        }
        isWatched[index] = isWatched[index] || watched
        return index
    }

    mutating func add(_ id: SeriesID, tracks: [Int]) { entries.append(Entry(id: id, tracks: tracks)) }

    /// Ends the open slice.
    ///
    /// - Parameters:
    ///   - time: now; nil when nothing is counted any more.
    ///   - take: what a series has counted since it was delivered last, which it changes; nil for nothing.
    mutating func cut(
        atNanoseconds time: Int64?, taking take: (SeriesID, inout SeriesData?) -> SeriesData?
    ) -> MetricsSlice {
        var tracks: [SeriesData?] = Array(repeating: nil, count: keys.count)
        for index in entries.indices {
            guard let data = take(entries[index].id, &entries[index].delivered) else { continue }
            for track in entries[index].tracks {
                let added = isWatched[track] ? data : data.withoutDistribution
                if tracks[track]?.merge(added) == nil { tracks[track] = added }
            }
        }
        let slice = cuts.slice
        if let time { cuts.advance(toNanoseconds: time) }
        let counted = zip(keys, tracks).compactMap { key, data in data.map { (key: key, data: $0) } }
        return MetricsSlice(time: slice, next: time == nil ? .max : cuts.slice.lowerBound, tracks: counted)
    }
}

extension SeriesData {
    /// Of a trend its count and sum.
    fileprivate var withoutDistribution: SeriesData {
        guard case .trend(let data) = self else { return self }
        return .trend(TrendData(count: data.count, sum: data.sum))
    }
}
