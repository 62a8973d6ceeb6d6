/// The two members by which series, tracks and thresholds begin.
struct SelectedSeries {
    var metric: MetricDefinition?
    var tags = TagSet()

    /// Reads one of them; false for another member.
    mutating func read(
        _ name: String, _ reader: inout MeasurementReader, _ catalog: MetricCatalog
    ) throws(MeasurementError) -> Bool {
        switch name {
        case "metric":
            let name = try reader.string()
            guard let known = catalog[name: name] else { throw reader.error("unknown metric '\(name)'") }
            metric = known
        case "tags":
            var tags = TagSet()
            try reader.object { reader, name throws(MeasurementError) in
                tags.set(Tag(name, try reader.string()))
                return true
            }
            self.tags = tags
        default: return false
        }
        return true
    }
}
